"""The two BM25 legs: all terms in the fields that name a product, some terms anywhere.

`cross_fields` treats the fields as one, so that "hp toner black" may find the brand in one field,
the product in the title and the colour in an attribute. Every text field shares one analyzer, which
is what lets all of them form one group.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from search_engine.index_body import LISTED_CODES_FIELD, THESAURUS_FIELD
from search_engine.search_values import TextMatch

EXACT_CODE = "exact_code"
"""Name of the clause that matches a whole EAN, SKU, model number or product id."""

TEXT_FIELDS: Mapping[str, str] = {
    "title": "title",
    "product_type": "product_type.text",
    "brand": "brand.text",
    "category": "category_text",
    "description": "description",
    "attributes": "attributes_text",
    "codes": "codes_text",
    "tags": "tags_text",
    "thesaurus": THESAURUS_FIELD,
}
"""Names in the settings → fields of the mapping."""
_WITH = {"attributes": LISTED_CODES_FIELD}
"""Name in the settings → another field that counts as much."""

_RUNNING_TEXT = {"title": 1.0, "description": 1.0}

_LONGEST_CODE = 64
# Terms beyond this are cut: a pasted page is no query, and OpenSearch refuses 1,024 clauses.
_MOST_WORDS = 48
_LONGEST_TEXT = 1_000
_MOST_TERMS = 60
_MOST_TERMS_OF_WORDINGS = 90
"""Of all wordings: each term is a clause in each of up to eleven fields."""
# What the analyzer makes a term of at least: letters, digits, a character of Chinese, a picture.
_TERM = re.compile(r"(?:(?![぀-ヿ㐀-鿿가-힯])[^\W\d_])+|\d+|[^\s]")

_CODE_BOOST = 100.0


def all_terms_query(
    text: str, boosts: Mapping[str, float], variants: Sequence[str] = ()
) -> dict[str, Any]:
    """Return the query that every term has to match, in whichever field; or a whole code.

    Args:
        text: what to match; empty matches every product.
        boosts: name of `TEXT_FIELDS` → factor. Fields that are not named are not searched.
        variants: other wordings; a product scores by the one that it matches best.
    """
    words = searchable_text(text)
    if not words:
        return {"match_all": {}}
    terms = _best_of(
        [_cross_fields(each, boosts, operator="and") for each in _wordings(words, variants)]
    )
    if not _looks_like_code(words):
        return terms
    code = {
        "constant_score": {
            "filter": {
                "bool": {
                    "should": [
                        {"term": {"codes": words}},
                        {"term": {"id": {"value": words, "case_insensitive": True}}},
                    ]
                }
            },
            "boost": _CODE_BOOST,
            "_name": EXACT_CODE,
        }
    }
    return {"bool": {"should": [terms, code], "minimum_should_match": 1}}


def some_terms_query(match: TextMatch) -> dict[str, Any]:
    """Return the query that some terms have to match; an empty text matches every product."""
    words = searchable_text(match.text)
    if not words:
        return {"match_all": {}}
    if match.fuzzy:
        return _fuzzy(words, match.some_terms_boosts)
    return _best_of([_some_terms(each, match) for each in _wordings(words, match.variants)])


def _some_terms(text: str, match: TextMatch) -> dict[str, Any]:
    some = _cross_fields(
        text,
        match.some_terms_boosts,
        operator="or",
        minimum_should_match=match.minimum_should_match,
    )
    if match.running_text_boost == 0:
        return some
    together = _cross_fields(text, _RUNNING_TEXT, operator="and", boost=match.running_text_boost)
    return {"bool": {"must": [some], "should": [together]}}


def searchable_text(text: str) -> str:
    """Return the part of a text that is searched: at most 48 words, 60 terms, 1,000 characters."""
    words = " ".join(text[:_LONGEST_TEXT].split()[:_MOST_WORDS])
    beyond = next(islice(_TERM.finditer(words), _MOST_TERMS, None), None)
    return words if beyond is None else words[: beyond.start()].rstrip()


def _wordings(words: str, variants: Sequence[str]) -> list[str]:
    """Return the words and as many of their variants as OpenSearch takes the terms of."""
    wordings = [words]
    terms = len(_TERM.findall(words))
    for variant in map(searchable_text, variants):
        terms += len(_TERM.findall(variant))
        if terms > _MOST_TERMS_OF_WORDINGS:
            break
        wordings.append(variant)
    return wordings


def _best_of(wordings: list[dict[str, Any]]) -> dict[str, Any]:
    return wordings[0] if len(wordings) == 1 else {"dis_max": {"queries": wordings}}


def _cross_fields(text: str, boosts: Mapping[str, float], **options: str | float) -> dict[str, Any]:
    return {
        "multi_match": {
            "query": text,
            "type": "cross_fields",
            "fields": _boosted(boosts),
            **options,
        }
    }


def _fuzzy(text: str, boosts: Mapping[str, float]) -> dict[str, Any]:
    return {
        "multi_match": {
            "query": text,
            "type": "best_fields",
            "fields": _boosted(boosts),
            "fuzziness": "AUTO",
            # The first letter is rarely wrong, and fixing it keeps the expansion small.
            "prefix_length": 1,
            "max_expansions": 25,
        }
    }


def _boosted(boosts: Mapping[str, float]) -> list[str]:
    return [
        f"{field}^{boost:g}"
        for name, boost in boosts.items()
        for field in (TEXT_FIELDS[name], _WITH.get(name))
        if boost > 0 and field is not None
    ]


def _looks_like_code(text: str) -> bool:
    return len(text) <= _LONGEST_CODE and any(character.isdigit() for character in text)
