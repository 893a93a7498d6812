"""The client for code that waits for answers."""

from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Self

import httpx

from shopkeeper_client import calls
from shopkeeper_client.answers import (
    Embeddings,
    EventsTaken,
    Explanation,
    Reranking,
    SearchResult,
    SimilarProducts,
    Suggestions,
)
from shopkeeper_client.calls import AnswerT, Call
from shopkeeper_client.errors import ShopUnreachableError

_SECONDS = 10.0


class ShopClient:
    """Asks the proxy. Safe to use from several threads; close it, or use it in a `with` block.

    Every method raises `ShopError` when the proxy answers with an error, and `ShopUnreachableError`
    when it does not answer.
    """

    def __init__(
        self,
        url: str,
        *,
        key: str | None = None,
        timeout_seconds: float = _SECONDS,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """Open a pool of connections; nothing is sent yet.

        Args:
            url: of the proxy, e.g. `http://127.0.0.1:9280`.
            key: of a configured caller; `None`: the proxy knows no callers.
            timeout_seconds: for each answer.
            transport: of httpx, e.g. with a proxy or certificates of one's own.
        """
        self._http = httpx.Client(
            base_url=url,
            headers=calls.headers(key),
            timeout=timeout_seconds,
            # A connection that cannot be had is tried once more: nothing was sent on it.
            transport=transport or httpx.HTTPTransport(retries=1),
        )

    def __enter__(self) -> Self:
        """Return the client."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connections."""
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def search(  # noqa: PLR0913 - as many as the API has
        self,
        q: str = "",
        *,
        index: str | None = None,
        filter: Sequence[str] = (),  # noqa: A002 - as the API names it
        facet: Sequence[str] = (),
        sort: str | None = None,
        size: int | None = None,
        page: int | None = None,
        collapse: bool | None = None,
        explain: bool | None = None,
        client_id: str | None = None,
        query_id: str | None = None,
    ) -> SearchResult:
        """Search.

        Args:
            q: what the shopper typed; empty lists everything that the filters keep.
            index: one of those that are served; `None`: the first.
            filter: e.g. `brand=HP`, `price<500`.
            facet: fields or attributes whose values are counted.
            sort: `relevance`, `newest`, `cheapest`, or a field with `:asc` or `:desc`.
            size: products on a page.
            page: from 1.
            collapse: show one product of each group of variants.
            explain: say why each hit stands where it does.
            client_id: keep the search as one of this browser, device or account.
            query_id: keep the search under this id; by default one is made.
        """
        options = {
            "index": index, "filter": tuple(filter), "facet": tuple(facet), "sort": sort,
            "size": size, "page": page, "collapse": collapse, "explain": explain,
            "client_id": client_id, "query_id": query_id,
        }  # fmt: skip
        return self._answer(calls.search(q, options))

    def explain(
        self,
        q: str,
        product_id: str,
        *,
        index: str | None = None,
        filter: Sequence[str] = (),  # noqa: A002 - as the API names it
    ) -> Explanation:
        """Say why a product stands where it does for a search, or is not found."""
        options = {"index": index, "filter": tuple(filter)}
        return self._answer(calls.explain(q, product_id, options))

    def suggest(
        self,
        q: str,
        *,
        index: str | None = None,
        size: int | None = None,
        products: int | None = None,
    ) -> Suggestions:
        """Suggest what the shopper may be about to type."""
        options = {"index": index, "size": size, "products": products}
        return self._answer(calls.suggest(q, options))

    def similar(
        self,
        product_id: str,
        *,
        index: str | None = None,
        filter: Sequence[str] = (),  # noqa: A002 - as the API names it
        size: int | None = None,
    ) -> SimilarProducts:
        """Return products similar to one."""
        options = {"index": index, "filter": tuple(filter), "size": size}
        return self._answer(calls.similar(product_id, options))

    def send_events(self, events: Sequence[Mapping[str, Any]]) -> EventsTaken:
        """Report what shoppers did, in the schema of User Behavior Insights.

        Args:
            events: each with an `action_name`; docs/events.md shows one.
        """
        return self._answer(calls.events(events))

    def embed(self, texts: Sequence[str], *, model: str, input_type: str = "passage") -> Embeddings:
        """Return the vectors of texts.

        Args:
            texts: at most 256.
            model: an index, or a model's name.
            input_type: `passage` or `query`.
        """
        return self._answer(calls.embeddings(texts, model, input_type))

    def rerank(
        self, query: str, documents: Sequence[str], *, top_n: int | None = None
    ) -> Reranking:
        """Order texts by how well they answer a query, best first.

        Args:
            query: what is looked for.
            documents: the texts.
            top_n: how many are wanted; `None`: all.
        """
        return self._answer(calls.rerank(query, documents, {"top_n": top_n}))

    def _answer(self, call: Call[AnswerT]) -> AnswerT:
        try:
            response = self._http.request(
                call.method, call.path, params=call.params, json=call.body
            )
        except httpx.TransportError as error:
            raise ShopUnreachableError(
                f"{self._http.base_url} did not answer: {type(error).__name__} {error}"
            ) from error
        return call.read(response)
