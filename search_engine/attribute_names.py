"""Which names of attributes an index knows: some product has a value under them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cachetools import TTLCache
from opensearchpy import AsyncOpenSearch

from search_core import (
    IndexNotFoundError,
    SearchEngineAccessError,
    SearchEngineRequestError,
    attribute_key,
)
from search_engine.attribute_terms import SEPARATOR
from search_engine.catalogue_columns import catalogue_columns
from search_engine.connection import error_reason, translated_errors

_SAMPLE = 300
"""Products whose attributes are read to say what a name might have meant: a name that fewer than
one in a hundred has is then missed about once in twenty times (0.99^300 = 0.05)."""
_REMEMBERED_SECONDS = 60.0
"""An attribute that a reindex or update brings is known after that at the latest."""
_MOST_NAMES, _MOST_SAMPLES = 2_000, 16

_Known = tuple[tuple[str, ...], Mapping[str, str]]
"""Names of attributes, and what the catalogue's columns became."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingNames:
    """Names that no product has, and names that some have."""

    missing: tuple[str, ...]
    """As they were asked for."""
    present: tuple[str, ...] = ()
    """As the catalogue writes them, the most frequent first; of a sample of products. Empty where
    nothing is missing."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Column of the catalogue, as `attribute_key` has it → the product's own field that it became.
    Empty where nothing is missing."""


class AttributeNames:
    """Looks names of attributes up. One instance an event loop.

    What was found is remembered for a minute: a stale link that is followed again and again costs
    OpenSearch nothing. Not for callers with an `Authorization` of their own, who may see less.
    """

    def __init__(self, client: AsyncOpenSearch) -> None:
        """Take the connection; it is closed by its owner."""
        self._client = client
        self._missing: TTLCache[tuple[str, str], bool] = TTLCache(_MOST_NAMES, _REMEMBERED_SECONDS)
        self._present: TTLCache[str, _Known] = TTLCache(_MOST_SAMPLES, _REMEMBERED_SECONDS)

    async def missing(
        self,
        index: str,
        names: Sequence[str],
        *,
        headers: Mapping[str, str],
        timeout_seconds: float,
    ) -> MissingNames:
        """Say which names no product has as an attribute.

        Args:
            index: alias or generation.
            names: in any writing.
            headers: sent to OpenSearch.
            timeout_seconds: for each request; two more are sent where one is missing.

        Raises:
            SearchEngineError: OpenSearch does not answer as it should.
        """
        remembers = not any(each.lower() == "authorization" for each in headers)
        known = {name: self._missing.get((index, name)) for name in names} if remembers else {}
        asked = [name for name in names if known.get(name) is None]
        lines = [line for name in asked for line in ({"index": index}, _any_value_body(name))]
        answers = await self._ask(lines, headers, timeout_seconds) if asked else []
        known |= {
            name: not answer["hits"]["total"]["value"]
            for name, answer in zip(asked, answers, strict=True)
        }
        missing = tuple(name for name in names if known[name])
        present = self._present.get(index) if remembers else None
        if missing and present is None:
            sample = await self._ask([{"index": index}, _sample_body()], headers, timeout_seconds)
            present = (
                _by_frequency(sample[0]["hits"]["hits"]),
                await self._columns(index, headers, timeout_seconds),
            )
            if remembers:
                self._present[index] = present
        if remembers:
            self._missing.update({(index, name): bool(known[name]) for name in asked})
        if not missing or present is None:
            return MissingNames(missing=missing)
        return MissingNames(missing=missing, present=present[0], columns=present[1])

    async def _columns(
        self, index: str, headers: Mapping[str, str], timeout_seconds: float
    ) -> Mapping[str, str]:
        """Return what the catalogue's columns became; nothing for callers who may not know."""
        try:
            with translated_errors():
                answer = await self._client.indices.get_mapping(
                    index=index,
                    params={"request_timeout": timeout_seconds},
                    headers=dict(headers),
                )
        except (SearchEngineAccessError, IndexNotFoundError):
            return {}  # the second: it was deleted since the sample was read
        found = [catalogue_columns(each.get("mappings", {})) for each in answer.values()]
        return {column: name for each in found for column, name in each.items()}

    async def _ask(
        self, lines: list[dict[str, Any]], headers: Mapping[str, str], timeout_seconds: float
    ) -> list[dict[str, Any]]:
        with translated_errors():
            answer = await self._client.msearch(
                body=lines, params={"request_timeout": timeout_seconds}, headers=dict(headers)
            )
        for each in answer["responses"]:
            if "error" in each:
                raise SearchEngineRequestError(
                    f"OpenSearch refuses to look attributes up: {error_reason(each)}"
                )
        return list(answer["responses"])


def _any_value_body(name: str) -> dict[str, Any]:
    return {
        "size": 0,
        "query": {"prefix": {"attribute_values": f"{attribute_key(name)}{SEPARATOR}"}},
        "terminate_after": 1,
        "track_total_hits": 1,
    }


def _sample_body() -> dict[str, Any]:
    return {
        "size": _SAMPLE,
        # In the order of the index, neighbours are of one kind and have the same attributes.
        "query": {"function_score": {"random_score": {"seed": 1, "field": "_seq_no"}}},
        "_source": ["attributes.name"],
        "track_total_hits": False,
    }


def _by_frequency(hits: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    written: dict[str, str] = {}
    counts: dict[str, int] = {}
    for hit in hits:
        for each in hit["_source"].get("attributes", ()):
            key = attribute_key(each["name"])
            written.setdefault(key, each["name"])
            counts[key] = counts.get(key, 0) + 1
    return tuple(written[key] for key in sorted(counts, key=lambda each: (-counts[each], each)))
