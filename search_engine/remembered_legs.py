"""Legs' answers kept in memory, so that settings that only fuse otherwise cost no search."""

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace

import orjson
from opensearchpy import AsyncOpenSearch

from search_engine.document_memory import DocumentMemory
from search_engine.search_bodies import leg_body
from search_engine.search_values import (
    DocumentVersion,
    Leg,
    LegResult,
    LegsAnswer,
    LegsQuery,
)
from search_engine.searcher import Searcher

_Remembered = tuple[LegResult, str | None, Mapping[str, DocumentVersion]]
"""A leg's answer, the index that gave it, and the versions of its candidates where documents are
remembered by them."""


class RememberedLegs(Searcher):
    """A searcher that does not send a leg's request again while it remembers the answer.

    For offline measuring only: it would not notice that an index changed. A leg that failed is
    asked again.
    """

    def __init__(
        self, client: AsyncOpenSearch, capacity: int, memory: DocumentMemory | None = None
    ) -> None:
        """Start with nothing remembered.

        Args:
            client: sends what is not.
            capacity: answers kept; those not needed for longest are forgotten first. One holds up
                to `LegsQuery.candidates` candidates of some 200 bytes, half as much again with a
                memory of documents.
            memory: of documents, for rankings that read them; `None`: each is fetched whenever it
                is wanted.
        """
        super().__init__(client, memory=memory)
        self._capacity = capacity
        self._keeps_versions = memory is not None
        self._answers: OrderedDict[bytes, _Remembered] = OrderedDict()

    async def legs(
        self, index: str, query: LegsQuery, *, preference: str, timeout_seconds: float
    ) -> LegsAnswer:
        """Ask the legs that were not asked this before; see `Searcher.legs`."""
        requests = {leg: _digest(index, leg, query) for leg in query.legs}
        found = {leg: self._recall(request) for leg, request in requests.items()}
        missing = tuple(leg for leg, answer in found.items() if answer is None)
        if missing:
            fresh = await super().legs(
                index,
                replace(query, legs=missing),
                preference=preference,
                timeout_seconds=timeout_seconds,
            )
            for leg, result in fresh.results.items():
                answer = (result, fresh.generation, self._versions_of(result, fresh.versions))
                found[leg] = answer
                if result.failure is None:
                    self._keep(requests[leg], answer)
        answers = {leg: each for leg, each in found.items() if each is not None}
        return LegsAnswer(
            results={leg: result for leg, (result, _, _) in answers.items()},
            generation=next((each for _, each, _ in answers.values() if each is not None), None),
            versions={key: each for *_, known in answers.values() for key, each in known.items()},
        )

    def _versions_of(
        self, result: LegResult, versions: Mapping[str, DocumentVersion]
    ) -> Mapping[str, DocumentVersion]:
        if not self._keeps_versions:
            return {}
        ids = (each.product_id for each in result.candidates)
        return {each: versions[each] for each in ids if each in versions}

    def _recall(self, request: bytes) -> _Remembered | None:
        if request in self._answers:
            self._answers.move_to_end(request)
        return self._answers.get(request)

    def _keep(self, request: bytes, answer: _Remembered) -> None:
        self._answers[request] = answer
        if len(self._answers) > self._capacity:
            self._answers.popitem(last=False)


def _digest(index: str, leg: Leg, query: LegsQuery) -> bytes:
    """Return what is the same for two requests exactly when OpenSearch would be sent the same."""
    body = orjson.dumps(
        leg_body(leg, query), option=orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_SORT_KEYS
    )
    return hashlib.blake2b(
        b"\0".join((index.encode(), leg.encode(), body)), digest_size=16
    ).digest()
