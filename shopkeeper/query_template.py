"""A search body of one's own as a system that can be measured."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from evaluation import Answer, JudgedQuery, ShownHit
from search_core import ConfigurationError
from search_engine import translated_errors

if TYPE_CHECKING:
    from opensearchpy import AsyncOpenSearch

_PLACEHOLDER = re.compile(r"\{\{(query|size)\}\}")


class TemplateAnswers:
    """Asks OpenSearch with a body in which `{{query}}` stands for the shopper's words."""

    def __init__(
        self, client: "AsyncOpenSearch", index: str, body: Mapping[str, Any], *, page: int
    ) -> None:
        """Keep what is asked.

        Args:
            client: sends the searches.
            index: alias or physical index.
            body: see `read_template`.
            page: hits of the request whose time is taken.
        """
        self._client = client
        self._index = index
        self._body = body
        self._page = page

    async def __call__(self, query: JudgedQuery, depth: int) -> Answer:
        """Ask deep for the hits, then for a first page to take its time.

        Raises:
            ConfigurationError: a query with filters, which a body has no place for.
            SearchEngineError: OpenSearch refuses the body, or does not answer.
        """
        if query.filters:
            raise ConfigurationError(
                f"{query.text!r} has filters, which a query template cannot take",
                remedy="leave queries with filters out of the judgments",
            )
        hits = (await self._search(query, depth))["hits"]["hits"]
        started = perf_counter()
        await self._search(query, self._page)
        latency_ms = (perf_counter() - started) * 1000
        if "sort" not in self._body:
            hits = sorted(hits, key=lambda hit: (-hit["_score"], hit["_id"]))
        return Answer(
            product_ids=tuple(hit["_id"] for hit in hits),
            latency_ms=latency_ms,
            shown=tuple(_shown(hit) for hit in hits[: self._page]),
        )

    async def _search(self, query: JudgedQuery, size: int) -> dict[str, Any]:
        filled = _filled(self._body, {"query": query.text, "size": size})
        body = {"size": size, "_source": ["title"], **filled}
        with translated_errors():
            found: dict[str, Any] = await self._client.search(index=self._index, body=body)
        return found


def read_template(path: Path) -> Mapping[str, Any]:
    """Read a search body: JSON with `{{query}}` where the shopper's words go.

    Raises:
        ConfigurationError: no such file, no JSON object, or no `{{query}}` in it.
    """
    try:
        text = path.read_text(encoding="utf-8")
        body = json.loads(text)
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error}") from error
    except ValueError as error:
        raise ConfigurationError(f"{path} is no JSON: {error}") from error
    if not isinstance(body, dict) or "query" not in _PLACEHOLDER.findall(text):
        raise ConfigurationError(
            f"{path} is no search body with a place for the query",
            remedy='write {{query}} there: {"query": {"match": {"title": "{{query}}"}}}',
        )
    return body


def _filled(value: Any, places: Mapping[str, str | int]) -> Any:  # noqa: ANN401 - JSON
    """Put values into placeholders; one that is a whole string keeps the value's type."""
    if isinstance(value, dict):
        return {key: _filled(each, places) for key, each in value.items()}
    if isinstance(value, list):
        return [_filled(each, places) for each in value]
    if not isinstance(value, str):
        return value
    whole = _PLACEHOLDER.fullmatch(value)
    if whole:
        return places[whole[1]]
    return _PLACEHOLDER.sub(lambda found: str(places[found[1]]), value)


def _shown(hit: Mapping[str, Any]) -> ShownHit:
    title = (hit.get("_source") or {}).get("title", "")
    return ShownHit(product_id=hit["_id"], title=str(title))
