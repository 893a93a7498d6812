"""The hidden index of a generation's suggestions: what it holds, and how it is filled.

It lives beside its generation as the lexicon does (ADR 0009), under `<generation>-suggestions`, and
is deleted with it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from itertools import islice
from typing import Any
from uuid import uuid4

from opensearchpy import OpenSearch

from search_core import SearchEngineError
from search_engine.connection import error_reason, translated_errors
from search_engine.generation_attachment import SUGGESTIONS, attachment_index

_CHUNK = 1_000
COMPLETION_FIELD = "complete"
WEIGHT_FIELD = "weight"
"""For the most popular, whatever they begin with."""
_LONGEST_INPUT = 100
"""Characters of an input that are indexed: nobody types more before choosing."""


class SuggestionKind(StrEnum):
    """Where a suggestion comes from."""

    QUERY = "query"
    """Shoppers searched for it."""
    TYPE = "type"
    """A product type, or a narrowest category."""
    BRAND = "brand"
    BRAND_TYPE = "brand_type"
    """A brand with one of its product types."""
    PHRASE = "phrase"
    """Words that several titles begin with, or end with in Chinese."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionInput:
    """One way to begin a suggestion."""

    key: str
    """Folded, as typed text is before it is compared."""
    weight: int
    """Higher comes first. 0 to 2**31 - 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """What a shopper may be about to type."""

    text: str
    kind: SuggestionKind
    products: int
    """That have it; 0: known from searches only, which had hits."""
    shoppers: int
    """Different ones that searched for it."""
    inputs: tuple[SuggestionInput, ...] = ()
    """Empty in answers."""


def suggestions_index(generation: str) -> str:
    """Return the name of the index of a generation's suggestions."""
    return attachment_index(generation, SUGGESTIONS)


def write_suggestions(client: OpenSearch, generation: str, entries: Iterable[Suggestion]) -> int:
    """Put suggestions in the place of those that a generation has, without a gap.

    Args:
        client: connection to OpenSearch.
        generation: a physical index.
        entries: read once, a chunk at a time.

    Returns:
        How many there are.

    Raises:
        SearchEngineError: OpenSearch does not take them; the old ones are still there.
    """
    index, run = suggestions_index(generation), uuid4().hex
    with translated_errors():
        if not client.indices.exists(index=index):
            client.indices.create(index=index, body=_body())
    count = 0
    for chunk in _chunks(entries):
        lines: list[dict[str, Any]] = []
        for each in chunk:
            lines += [{"index": {"_id": _id(each.text)}}, _document(each, run)]
        with translated_errors():
            answer = client.bulk(index=index, body=lines)
        if answer["errors"]:
            failed = next(i["index"] for i in answer["items"] if "error" in i["index"])
            raise SearchEngineError(f"OpenSearch refuses a suggestion: {error_reason(failed)}")
        count += len(chunk)
    older = {"bool": {"must_not": [{"term": {"run": run}}]}}
    with translated_errors():
        client.indices.refresh(index=index)
        client.delete_by_query(
            index=index, body={"query": older}, params={"conflicts": "proceed", "refresh": "true"}
        )
    return count


def _chunks(entries: Iterable[Suggestion]) -> Iterator[list[Suggestion]]:
    remaining = iter(entries)
    while chunk := list(islice(remaining, _CHUNK)):
        yield chunk


def _document(entry: Suggestion, run: str) -> dict[str, Any]:
    return {
        "text": entry.text,
        "kind": entry.kind.value,
        "products": entry.products,
        "shoppers": entry.shoppers,
        "run": run,
        WEIGHT_FIELD: max((each.weight for each in entry.inputs), default=0),
        COMPLETION_FIELD: [
            {"input": each.key[:_LONGEST_INPUT], "weight": each.weight} for each in entry.inputs
        ],
    }


def _id(text: str) -> str:
    return blake2b(text.encode("utf-8", "replace"), digest_size=12).hexdigest()


def _body() -> dict[str, Any]:
    return {
        "settings": {
            "index": {"number_of_shards": 1, "auto_expand_replicas": "0-1", "hidden": True},
            "analysis": {"analyzer": {"as_it_is": {"type": "custom", "tokenizer": "keyword"}}},
        },
        "mappings": {
            "dynamic": False,
            "properties": {
                "run": {"type": "keyword"},
                WEIGHT_FIELD: {"type": "integer"},
                # Keys are folded before they come here, by the same function as typed text.
                COMPLETION_FIELD: {
                    "type": "completion",
                    "analyzer": "as_it_is",
                    "preserve_separators": True,
                    "preserve_position_increments": False,
                    "max_input_length": _LONGEST_INPUT,
                },
            },
        },
    }
