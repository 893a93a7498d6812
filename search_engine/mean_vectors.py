"""Reads what the products of each sort have in common: the mean of a few of their vectors."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from opensearchpy import OpenSearch

from search_core import SearchEngineRequestError
from search_engine.connection import error_reason, translated_errors
from search_engine.index_body import VECTOR_FIELD

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_VALUES_A_REQUEST = 20
"""Five vectors of each are an answer of about 1 MB."""


def mean_vectors(
    client: OpenSearch, index: str, field: str, values: Sequence[str], products: int
) -> "dict[str, NDArray[np.float32]]":
    """Return value → the mean vector of some products that have it.

    Args:
        client: connection to OpenSearch.
        index: alias or generation.
        field: a keyword field.
        values: of the field.
        products: so many of each value at most; which ones is the index's choice.

    Returns:
        float32, `(dimension,)`, of any length. Values without a product that has a vector are
        left out.

    Raises:
        IndexNotFoundError: there is no such index.
        SearchEngineError: OpenSearch does not answer as it should.
    """
    means: dict[str, NDArray[np.float32]] = {}
    for start in range(0, len(values), _VALUES_A_REQUEST):
        part = values[start : start + _VALUES_A_REQUEST]
        means.update(_means(client, index, field, part, products))
    return means


def _means(
    client: OpenSearch, index: str, field: str, values: Sequence[str], products: int
) -> "Iterator[tuple[str, NDArray[np.float32]]]":
    import numpy as np  # noqa: PLC0415 - commands that need no vectors start without it

    lines: list[dict[str, Any]] = []
    for value in values:
        lines += [{"index": index}, _body(field, value, products)]
    with translated_errors():
        answers = client.msearch(body=lines)["responses"]
    for value, answer in zip(values, answers, strict=True):
        if "error" in answer:
            raise SearchEngineRequestError(
                f"OpenSearch refuses to give vectors out: {error_reason(answer)}"
            )
        vectors = [hit["_source"][VECTOR_FIELD] for hit in answer["hits"]["hits"]]
        if vectors:
            yield value, np.mean(np.array(vectors, dtype=np.float32), axis=0)


def _body(field: str, value: str, products: int) -> dict[str, Any]:
    having = [{"term": {field: value}}, {"exists": {"field": VECTOR_FIELD}}]
    return {
        "size": products,
        "query": {"bool": {"filter": having}},
        "_source": [VECTOR_FIELD],
        "track_total_hits": False,
    }
