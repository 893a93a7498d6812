"""Which language product texts are in."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

# Languages that shops sell in. Fewer choices make short texts full of brand names less of a gamble.
LATIN_LANGUAGES = (
    "en", "de", "fr", "es", "it", "nl", "pt", "pl", "sv", "da", "no", "fi", "cs", "sk", "hu", "ro",
    "tr", "hr", "sl", "et", "lv", "lt", "vi", "id",
)  # fmt: skip
OTHER_LANGUAGES = ("ru", "uk", "bg", "sr", "el", "ar", "fa", "he", "hi", "th")
LANGUAGES = (*LATIN_LANGUAGES, *OTHER_LANGUAGES, "zh", "ja", "ko")

_KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fa]")
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_LETTER = re.compile(r"[^\W\d_]")
_NOISE_SHARE = 0.08
"""A language that fewer texts than this seem to be in is not one of the catalogue's: brand and
model names make about so many product titles look foreign. Languages told by their script are
exempt."""
_SURE_BY_SCRIPT = frozenset(("zh", "ja", "ko"))
_LEAST_SHARE_BY_SCRIPT = 0.02
_MAX_CHARS = 400
_CLEARLY = 4.0
"""In natural logarithms: how much likelier than the usual language another has to be. Source:
docs/query_understanding.md."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageShare:
    """How much of a catalogue is in one language."""

    language: str
    """ISO 639-1."""
    share: float
    """Of the texts that could be told, 0 to 1."""


@cache
def _identifier(languages: tuple[str, ...]) -> LanguageIdentifier:
    # Reading the model takes a second: it is kept, once for each choice of languages.
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=False)
    identifier.set_languages(list(languages))
    return identifier


def _by_script(text: str) -> str | None:
    letters = len(_LETTER.findall(text))
    if not letters:
        return None
    if len(_HANGUL.findall(text)) > 0.2 * letters:
        return "ko"
    kana, han = len(_KANA.findall(text)), len(_HAN.findall(text))
    if kana + han <= 0.2 * letters:
        return None
    return "ja" if kana > 0.1 * (kana + han) else "zh"


def detect_language(
    text: str, among: Sequence[str] = LANGUAGES, usual: str | None = None
) -> str | None:
    """Return the ISO 639-1 code of a text's language.

    Chinese, Japanese and Korean are told by their characters, others by a statistical model.

    Args:
        text: title and description do better than a title alone.
        among: the languages that are possible.
        usual: what most texts of the catalogue are in, where it is one of `among`: short titles
            full of names are in it unless they are clearly in another. `None`: none is likelier.

    Returns:
        `None` when the text has no letters, or its characters are of no language in `among`.
    """
    text = text[:_MAX_CHARS]
    if not text.isascii() and (by_script := _by_script(text)) is not None:
        return by_script if by_script in among else None
    rest = tuple(language for language in among if language not in _SURE_BY_SCRIPT)
    if not rest or not _LETTER.search(text):
        return None
    if len(rest) == 1:
        return rest[0]
    identifier = _identifier(rest)
    if usual not in rest:
        return str(identifier.classify(text)[0])
    ranked = identifier.rank(text)
    best, score = ranked[0]
    return str(best) if score - dict(ranked)[usual] >= _CLEARLY else usual


def language_shares(texts: Iterable[str]) -> tuple[LanguageShare, ...]:
    """Return the languages of a catalogue, the largest share first.

    Each text is looked at twice: a second time among only those languages that more than a few
    texts seem to be in.
    """
    kept = [text for text in texts if _LETTER.search(text)]
    first = Counter(filter(None, (detect_language(text) for text in kept)))
    total = sum(first.values())
    candidates = [
        language
        for language, count in first.most_common()
        if count / total
        >= (_LEAST_SHARE_BY_SCRIPT if language in _SURE_BY_SCRIPT else _NOISE_SHARE)
    ]
    if not candidates:
        candidates = [language for language, _ in first.most_common(1)]
    second = Counter(filter(None, (detect_language(text, candidates) for text in kept)))
    counted = sum(second.values())
    return tuple(
        LanguageShare(language=language, share=count / counted)
        for language, count in second.most_common()
    )
