"""Sends searches: the legs in one `_msearch`, and what a page shows in another."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, cast

from opensearchpy import AsyncOpenSearch

from search_core import (
    IndexNotFoundError,
    SearchEngineRequestError,
    SearchEngineTimeoutError,
    SearchEngineUnavailableError,
)
from search_engine.connection import error_reason, translated_errors
from search_engine.document_memory import DocumentMemory
from search_engine.facet_aggregation import facet_of
from search_engine.index_body import description_of
from search_engine.json_serializer import dumped
from search_engine.leg_answer import coverage_of, hits_by_id, leg_result
from search_engine.search_bodies import counts_body, documents_body, leg_body, rest_body
from search_engine.search_values import (
    Generation,
    LegsAnswer,
    LegsQuery,
    PageAnswer,
    PageQuery,
    StoredProduct,
)
from search_engine.seen_versions import SeenVersions, version_of

_SERVER_ERROR = 500


class Searcher:
    """Searches product indices. One instance an event loop."""

    def __init__(
        self,
        client: AsyncOpenSearch,
        headers: Mapping[str, str] | None = None,
        memory: DocumentMemory | None = None,
    ) -> None:
        """Keep what is needed to search.

        Args:
            client: has the connections.
            headers: sent with every request.
            memory: of documents; `None`: each is fetched whenever it is wanted.
        """
        self._client = client
        self._headers = dict(headers or {})
        self._memory = DocumentMemory(0) if memory is None else memory

    def on_behalf_of(self, headers: Mapping[str, str]) -> "Searcher":
        """Return a searcher on the same connections that sends these headers.

        Args:
            headers: e.g. a caller's `authorization`, or its `x-opaque-id`.
        """
        # OpenSearch may hide documents or fields from a caller: who comes with credentials is shown
        # what OpenSearch gives for them, not what another was given.
        own = any(name.lower() == "authorization" for name in headers)
        return Searcher(self._client, headers, None if own else self._memory)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def generation(self, index: str, timeout_seconds: float) -> Generation:
        """Look up the physical index behind an alias.

        Args:
            index: an alias, or a physical index.
            timeout_seconds: the time that is left.

        Raises:
            IndexNotFoundError: there is none, several, or one that Shopkeeper did not make.
            SearchEngineError: OpenSearch did not answer.
        """
        with translated_errors():
            found = await self._within(
                self._client.indices.get_mapping(
                    index=index,
                    params={"request_timeout": timeout_seconds},
                    headers=dict(self._headers),
                ),
                timeout_seconds,
            )
        if len(found) != 1:
            raise IndexNotFoundError(
                f"{index} stands for {len(found)} indices, but a search needs exactly one",
                remedy="`shopkeeper index list` shows what is behind it",
            )
        ((name, body),) = found.items()
        if not isinstance(body, dict) or "mappings" not in body:
            raise SearchEngineUnavailableError(
                "OpenSearch was asked for a mapping and answered with something else",
                remedy="see what listens at search_engine.url",
            )
        description = description_of(body["mappings"])
        if description is None:
            raise IndexNotFoundError(
                f"{index} was not made by Shopkeeper",
                remedy=f"`shopkeeper reindex CATALOGUE --index {index}-products` makes one that is",
            )
        return Generation(name=name, description=description)

    async def legs(
        self, index: str, query: LegsQuery, *, preference: str, timeout_seconds: float
    ) -> LegsAnswer:
        """Ask all legs at once.

        A leg that fails while another answers is reported in its result, not raised.

        Args:
            index: alias or physical index.
            query: what to look for.
            preference: keeps equal queries on the same shard copies, so that pages agree.
            timeout_seconds: the time that is left.

        Raises:
            SearchEngineError: no leg answered.
        """
        bodies = [leg_body(leg, query) for leg in query.legs]
        answers = await self._msearch(
            index, bodies, preference, timeout_seconds, request_cache=query.comes_again
        )
        failures = [error_reason(answer) for answer in answers]
        if failures and all(failures):
            _raise_for(answers[0])
        hits = [hits_by_id(answer) for answer in answers]
        results = {
            leg: leg_result(leg, answer, by_id, failure, query)
            for leg, answer, by_id, failure in zip(query.legs, answers, hits, failures, strict=True)
        }
        return LegsAnswer(
            results=results,
            generation=_answering_index(answers),
            versions=SeenVersions(hits),
            coverage=coverage_of(answers),
        )

    async def page(
        self, index: str, query: PageQuery, *, preference: str, timeout_seconds: float
    ) -> PageAnswer:
        """Fetch what a page shows: documents by id, the rest in OpenSearch's order, counts.

        Args:
            index: alias or physical index.
            query: what is needed.
            preference: the same as for the legs.
            timeout_seconds: the time that is left.

        Raises:
            SearchEngineError: any of it failed.
            FilterError: a facet that cannot be counted.
        """
        known = self._memory.known(query.ids, query.versions)
        missing = tuple(each for each in query.ids if each not in known)
        bodies: dict[str, dict[str, Any]] = {}
        if missing:
            bodies["documents"] = documents_body(missing)
        if query.rest is not None:
            bodies["rest"] = rest_body(query.result_set, query.rest)
        if query.facets or query.count:
            bodies["counts"] = counts_body(query.result_set, query.facets)
        answers = dict(
            zip(
                bodies,
                await self._msearch(index, list(bodies.values()), preference, timeout_seconds),
                strict=True,
            )
        )
        for answer in answers.values():
            if "error" in answer:
                _raise_for(answer)
        self._remember(answers.get("documents"))
        fetched = {each.product_id: each for each in _stored(answers.get("documents"))}
        return PageAnswer(
            documents={**known, **fetched},
            rest=tuple(_stored(answers.get("rest"))),
            facets=tuple(
                facet_of(field, answers["counts"]["aggregations"][f"facet:{field}"])
                for field in query.facets
            ),
            total=_total(answers.get("counts")),
            generation=_answering_index(list(answers.values())),
        )

    def _remember(self, answer: dict[str, Any] | None) -> None:
        for hit, product in zip(_hits(answer), _stored(answer), strict=True):
            self._memory.keep(version_of(hit), product)

    async def _msearch(
        self,
        index: str,
        bodies: Sequence[Mapping[str, Any]],
        preference: str,
        timeout_seconds: float,
        *,
        request_cache: bool = False,
    ) -> list[dict[str, Any]]:
        if not bodies:
            return []
        # Without the key, OpenSearch keeps what it usually keeps: counts, but no hits.
        kept = {"request_cache": True} if request_cache else {}
        header = dumped({"index": index, "preference": preference, **kept})
        lines = [line for body in bodies for line in (header, dumped(body))]
        with translated_errors():
            answer = await self._within(
                self._client.msearch(
                    body=b"\n".join([*lines, b""]),
                    params={"request_timeout": timeout_seconds},
                    headers=dict(self._headers),
                ),
                timeout_seconds,
            )
        return cast("list[dict[str, Any]]", answer["responses"])

    async def _within(self, call: Any, timeout_seconds: float) -> Any:  # noqa: ANN401 - JSON
        """Bound a call by the time that is left: the client's own timeout starts anew for a retry
        and does not count the wait for a free connection.
        """  # noqa: D205 - one sentence
        try:
            async with asyncio.timeout(max(timeout_seconds, 0.0)):
                return await call
        except TimeoutError as error:
            raise SearchEngineTimeoutError(
                f"OpenSearch did not answer within the {timeout_seconds * 1000:.0f} ms left",
                remedy="look at its load, or raise retrieval.deadline_ms",
            ) from error


def _hits(answer: dict[str, Any] | None) -> list[dict[str, Any]]:
    return [] if answer is None else cast("list[dict[str, Any]]", answer["hits"]["hits"])


def _stored(answer: dict[str, Any] | None) -> list[StoredProduct]:
    return [
        StoredProduct(
            product_id=hit["_source"]["id"], document=hit["_source"], score=hit.get("_score")
        )
        for hit in _hits(answer)
    ]


def _total(answer: dict[str, Any] | None) -> int | None:
    if answer is None:
        return None
    groups = answer.get("aggregations", {}).get("groups")
    return int(groups["value"] if groups else answer["hits"]["total"]["value"])


def _answering_index(answers: Sequence[dict[str, Any]]) -> str | None:
    for answer in answers:
        for hit in answer.get("hits", {}).get("hits", ()):
            return str(hit["_index"])
    return None


def _raise_for(answer: dict[str, Any]) -> None:
    reason = error_reason(answer)
    status = answer.get("status", _SERVER_ERROR)
    if "index_not_found" in str(answer["error"]):
        raise IndexNotFoundError(reason, remedy="`shopkeeper index list` shows what there is")
    if status >= _SERVER_ERROR:
        raise SearchEngineUnavailableError(f"OpenSearch failed ({status}): {reason}")
    raise SearchEngineRequestError(f"OpenSearch refuses the search ({status}): {reason}")
