"""Which names of attributes an index knows: some product has a value under them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from opensearchpy import AsyncOpenSearch

from search_core import SearchEngineRequestError, attribute_key
from search_engine.attribute_terms import SEPARATOR
from search_engine.connection import error_reason, translated_errors

_SAMPLE = 300
"""Products whose attributes are read to say what a name might have meant: a name that fewer than
one in a hundred has is then missed about once in twenty times (0.99^300 = 0.05)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingNames:
    """Names that no product has, and names that some have."""

    missing: tuple[str, ...]
    """As they were asked for."""
    present: tuple[str, ...] = ()
    """As the catalogue writes them, the most frequent first; of a sample of products. Empty where
    nothing is missing."""


class AttributeNames:
    """Looks names of attributes up. One instance an event loop."""

    def __init__(self, client: AsyncOpenSearch) -> None:
        """Take the connection; it is closed by its owner."""
        self._client = client

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
            timeout_seconds: for each of the two requests; the second is sent where one is missing.

        Raises:
            SearchEngineError: OpenSearch does not answer as it should.
        """
        lines = [line for name in names for line in ({"index": index}, _any_value_body(name))]
        answers = await self._ask(lines, headers, timeout_seconds)
        missing = tuple(
            name
            for name, answer in zip(names, answers, strict=True)
            if not answer["hits"]["total"]["value"]
        )
        if not missing:
            return MissingNames(missing=())
        sample = await self._ask([{"index": index}, _sample_body()], headers, timeout_seconds)
        return MissingNames(missing=missing, present=_by_frequency(sample[0]["hits"]["hits"]))

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
