"""Takes out what is no text, and writes the rest as the catalogue writes it."""

import unicodedata
from dataclasses import replace
from functools import cache

import opencc

from query_understanding.known_catalogue import KnownCatalogue
from query_understanding.lexicon.lexicon import Lexicon
from query_understanding.lexicon.product_words import cjk_pairs, is_cjk
from search_core import QueryPlan

LONGEST_TEXT = 1_000
"""Characters that are read: retrieval searches no more."""

_TRADE_MARKS = str.maketrans({"™": " ", "®": " ", "©": " "})
_INVISIBLE = "Cf"  # zero-width and direction marks: nothing stands where they stood
_TO_SPACE = frozenset({"Cc", "Co", "Cs", "Cn", "Zl", "Zp"})


class TextNormalizer:
    """Width, white space, control characters; traditional Chinese as simplified."""

    name = "normalize"

    def rewrite(self, plan: QueryPlan, catalogue: KnownCatalogue) -> QueryPlan:
        """Clean the text; see `Rewriter`."""
        text = clean(plan.text)
        if len(plan.text) > LONGEST_TEXT:
            plan = plan.logged(self.name, f"only the first {LONGEST_TEXT:,} characters are read")
        language = plan.language or language_of(text, catalogue.lexicon.language)
        plan = replace(plan, text=text, language=language)
        return self._simplified(plan, catalogue.lexicon)

    def _simplified(self, plan: QueryPlan, lexicon: Lexicon) -> QueryPlan:
        if not is_cjk(plan.text):
            return plan
        simplified = _to_simplified().convert(plan.text)
        if simplified == plan.text or _known(simplified, lexicon) <= _known(plan.text, lexicon):
            return plan
        return replace(plan, text=simplified).logged(
            self.name, f"{plan.text!r} is searched in simplified Chinese: {simplified!r}"
        )


def clean(text: str) -> str:
    """Return text in its composed, half-width form without what cannot be read."""
    composed = unicodedata.normalize("NFKC", text[:LONGEST_TEXT].translate(_TRADE_MARKS))
    # One character may have become eighteen.
    composed = composed[:LONGEST_TEXT]
    kept = []
    for character in composed:
        category = unicodedata.category(character)
        if category in _TO_SPACE:
            kept.append(" ")
        elif category != _INVISIBLE:
            kept.append(character)
    return " ".join("".join(kept).split())


def language_of(text: str, main_language: str | None) -> str | None:
    """Return the language of a short text, by its script.

    Two or three words are too few for statistics, and product queries are full of names: what is
    not written in a script of its own is taken to be in the catalogue's language.

    Args:
        text: cleaned.
        main_language: of the catalogue; `None`: not known.
    """
    scripts = {_SCRIPTS.get(unicodedata.name(each, "").partition(" ")[0]) for each in text}
    for language in ("ja", "ko", "zh", "ru", "el", "ar", "he", "th", "hi"):
        if language in scripts:
            return main_language if main_language in _SHARING.get(language, ()) else language
    if any(each.isalpha() for each in text):
        return "en" if main_language in _SCRIPTS.values() else main_language
    return main_language


_SCRIPTS = {
    "CJK": "zh", "HIRAGANA": "ja", "KATAKANA": "ja", "HANGUL": "ko", "CYRILLIC": "ru",
    "GREEK": "el", "ARABIC": "ar", "HEBREW": "he", "THAI": "th", "DEVANAGARI": "hi",
}  # fmt: skip
_SHARING = {"zh": ("ja",), "ru": ("uk", "bg", "sr"), "ar": ("fa", "ur"), "hi": ("mr", "ne")}
"""Languages that share the script of another: the catalogue's own is meant then."""


def _known(text: str, lexicon: Lexicon) -> int:
    return sum(pair in lexicon.cjk_pairs for pair in cjk_pairs(text))


@cache
def _to_simplified() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")
