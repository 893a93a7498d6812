"""Whether a model can read a query: by the query's language, or else by its letters."""

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

_LATIN = frozenset({"LATIN"})
_HAN = "CJK"
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
    readable = _LATIN.union(*(_SCRIPTS.get(each, _LATIN) for each in languages))
    if not _scripts(text) <= readable:
        return False
    return language is None or language in languages


@lru_cache(maxsize=10_000)
def _scripts(text: str) -> frozenset[str]:
    return frozenset(
        unicodedata.name(letter, "LATIN").split(" ", 1)[0]
        for letter in unicodedata.normalize("NFKC", text)
        if letter.isalpha()
    )
