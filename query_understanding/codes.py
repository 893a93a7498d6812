"""Model and article numbers that stand in titles and attributes: exact matches come first."""

import re
from dataclasses import replace

from query_understanding.intents.intent_features import looks_like_a_code
from query_understanding.known_catalogue import KnownCatalogue
from query_understanding.lexicon.lexicon import Lexicon
from query_understanding.lexicon.product_words import unit_texts
from search_core import Boost, LegFactor, QueryPlan, TextFilter

_WEIGHT = 4.0
"""Five times its score puts a product above all that is only alike: no leg weighs as much."""
_DENSE_FACTOR = 0.25
"""Of the k-NN leg where nothing but codes was typed: their letters and digits mean nothing to a
model."""
_SELDOM = 0.002
"""Share of products from which a code tells none apart: `ddr4`, `802.11n`."""
_FEW = 5
"""Products that a code may have in any catalogue, however small."""
_MOST_CODES = 3
_COUNTED = re.compile(
    r"\d+(?:[.,]\d+)?(?:-[a-z]{2,})+(?:-\d+)?"  # 14-inch, 4-port, 2-in-1
    r"|\d+(?:[.,]\d+)?[a-z]+"  # 55inches, 18months
    r"|\d{1,3}-\d{1,3}[a-z]*|\d+/\d+[a-z]*",  # 0-3months, 1/2inch
    re.IGNORECASE,
)
_WORD_AND_NUMBER = re.compile(r"([a-z]{2,})-?(\d{1,2}(?:\.\d+)?)", re.IGNORECASE)
"""`usb3`, `wifi6`: a code only where the word alone is none."""
_JOINED = re.compile(r"(?<=\d)[^a-z0-9](?=\d)|/", re.IGNORECASE)
"""Between digits it parts two numbers, which joined are another one."""


class CodeRewriter:
    """Prefers products with exactly the codes of the query; the text stays as it is.

    A product's own codes (EAN, SKU, model number) are matched by retrieval. What only an attribute
    or a title says would be outvoted by what is alike.
    """

    name = "codes"

    def rewrite(self, plan: QueryPlan, catalogue: KnownCatalogue) -> QueryPlan:
        """Prefer products that have the codes; see `Rewriter`."""
        lexicon = catalogue.lexicon
        words = plan.text.split()
        codes = [each for each in words if _is_code(each, lexicon)][:_MOST_CODES]
        if lexicon.is_empty or not codes:
            return plan
        boosts = tuple(
            Boost(
                filter=TextFilter(phrases=_spellings(code)),
                weight=_WEIGHT,
                reason=f"has the code {code}",
            )
            for code in codes
        )
        plan = replace(plan, boosts=(*plan.boosts, *boosts)).logged(
            self.name, f"prefers products that have {', '.join(codes)} exactly"
        )
        if len(codes) < len(words):
            return plan
        factor = LegFactor(leg="dense", factor=_DENSE_FACTOR)
        return replace(plan, leg_factors=(*plan.leg_factors, factor))


def _is_code(word: str, lexicon: Lexicon) -> bool:
    """Say whether a word is shaped as a code, and tells products apart."""
    if not looks_like_a_code(word) or _COUNTED.fullmatch(word):
        return False
    most = max(_FEW, _SELDOM * lexicon.products)
    numbered = _WORD_AND_NUMBER.fullmatch(word)
    if numbered and lexicon.words.get(numbered[1].lower(), 0) > most:
        return False
    return min(lexicon.words.get(each, 0) for each in unit_texts(word)) <= most


def _spellings(code: str) -> tuple[str, ...]:
    """Return a code as typed, and without what separates its parts."""
    if _JOINED.search(code):
        return (code,)
    joined = "".join(each for each in code if each.isalnum())
    return (code,) if joined == code else (code, joined)
