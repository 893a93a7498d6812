"""Which model can read a query: by the query's language, or else by its letters."""

import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

_LATIN = frozenset({"LATIN"})
_HAN = "CJK"
_ALIASES = {"IDEOGRAPHIC": _HAN, "MODIFIER": "LATIN"}
"""How some letters' names begin that belong to a script all the same: the 々 of 人々, and letters
that stand above or beside others."""
_OF_UNITS = frozenset("\u03bc\u03a9")
"""mu and Omega, in which all languages write micro and ohm; no word consists of them alone."""
# How Unicode's names of letters begin. A language that is missing here is written in Latin letters.
_SCRIPTS: dict[str, frozenset[str]] = {
    "am": frozenset({"ETHIOPIC"}),
    "ar": frozenset({"ARABIC"}),
    "as": frozenset({"BENGALI"}),
    "be": frozenset({"CYRILLIC"}),
    "bg": frozenset({"CYRILLIC"}),
    "bn": frozenset({"BENGALI"}),
    "el": frozenset({"GREEK"}),
    "fa": frozenset({"ARABIC"}),
    "gu": frozenset({"GUJARATI"}),
    "he": frozenset({"HEBREW"}),
    "hi": frozenset({"DEVANAGARI"}),
    "hy": frozenset({"ARMENIAN"}),
    "ja": frozenset({_HAN, "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA"}),
    "ka": frozenset({"GEORGIAN"}),
    "kk": frozenset({"CYRILLIC"}),
    "km": frozenset({"KHMER"}),
    "kn": frozenset({"KANNADA"}),
    "ko": frozenset({"HANGUL", _HAN}),
    "ku": frozenset({"ARABIC", "LATIN"}),
    "ky": frozenset({"CYRILLIC"}),
    "lo": frozenset({"LAO"}),
    "mk": frozenset({"CYRILLIC"}),
    "ml": frozenset({"MALAYALAM"}),
    "mn": frozenset({"CYRILLIC"}),
    "mr": frozenset({"DEVANAGARI"}),
    "my": frozenset({"MYANMAR"}),
    "ne": frozenset({"DEVANAGARI"}),
    "or": frozenset({"ORIYA"}),
    "pa": frozenset({"GURMUKHI"}),
    "ps": frozenset({"ARABIC"}),
    "ru": frozenset({"CYRILLIC"}),
    "sa": frozenset({"DEVANAGARI"}),
    "sd": frozenset({"ARABIC"}),
    "si": frozenset({"SINHALA"}),
    "sr": frozenset({"CYRILLIC", "LATIN"}),
    "ta": frozenset({"TAMIL"}),
    "te": frozenset({"TELUGU"}),
    "th": frozenset({"THAI"}),
    "ug": frozenset({"ARABIC"}),
    "uk": frozenset({"CYRILLIC"}),
    "ur": frozenset({"ARABIC"}),
    "uz": frozenset({"CYRILLIC", "LATIN"}),
    "yi": frozenset({"HEBREW"}),
    "zh": frozenset({_HAN}),
}


def can_read(languages: Sequence[str], text: str, language: str | None) -> bool:
    """Tell whether a model of some languages can judge a query.

    Letters count before the stated language: one that no script of the model's languages has is
    enough for a no, since a multilingual tokenizer turns it into noise. Latin letters are read by
    every model, for brands and product codes stand in queries of all languages.

    Args:
        languages: ISO 639-1 codes of the model; empty: it reads all.
        text: the query.
        language: ISO 639-1 of the query; `None`: not known.
    """
    if not languages:
        return True
    if not _scripts(text) <= _readable(tuple(languages)):
        return False
    return language is None or language in languages


def are_readable(languages: Sequence[str], passages: Iterable[str]) -> bool:
    """Tell whether a model of some languages can read most of the passages.

    A query in Latin letters finds products of any language. Letters of which a model knows no words
    cost it several times the time, and say nothing to it.

    Args:
        languages: ISO 639-1 codes of the model; empty: it reads all.
        passages: texts of products; those without letters do not count.
    """
    if not languages:
        return True
    readable = _readable(tuple(languages))
    verdicts = [verdict for each in passages if (verdict := _is_mostly(readable, each)) is not None]
    return 2 * sum(verdicts) >= len(verdicts)


def _is_mostly(scripts: frozenset[str], text: str) -> bool | None:
    """Tell whether most letters are of some scripts; `None`: there are no letters."""
    if text.isascii():
        return True if any(map(str.isalpha, text)) else None
    letters = [each for each in text if each.isalpha()]
    return (
        2 * sum(_script(each) in scripts for each in letters) >= len(letters) if letters else None
    )


def model_language(languages: Iterable[str], text: str, language: str | None) -> str | None:
    """Return the language whose own model is to judge a query; `None`: the model of all others.

    Where the query's language is not known, letters that not every model reads decide: two kanji
    are for a model of Japanese as well as of Chinese, and the one that is named first gets them.

    Args:
        languages: ISO 639-1 codes that have a model of their own, in the order of the settings.
        text: the query.
        language: ISO 639-1 of the query; `None`: not known.
    """
    if language is not None:
        return language if language in languages else None
    scripts = _scripts(text)
    if scripts <= _LATIN:
        return None
    return next((each for each in languages if can_read((each,), text, None)), None)


@lru_cache(maxsize=100)
def _readable(languages: tuple[str, ...]) -> frozenset[str]:
    """Return the scripts of some languages, and Latin's."""
    return _LATIN.union(*(_SCRIPTS.get(each, _LATIN) for each in languages))


@lru_cache(maxsize=10_000)
def _scripts(text: str) -> frozenset[str]:
    normal = unicodedata.normalize("NFKC", text)
    return frozenset(
        _script(letter) for letter in normal if letter.isalpha() and letter not in _OF_UNITS
    )


@lru_cache(maxsize=10_000)
def _script(letter: str) -> str:
    script = unicodedata.name(letter, "LATIN").split(" ", 1)[0]
    return _ALIASES.get(script, script)
