"""Looks into a generation: what it holds, and whether products are found in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from opensearchpy import OpenSearch

from search_core.settings import SearchEngineSettings, VectorCompression
from search_engine.connection import translated_errors
from search_engine.index_body import VECTOR_FIELD, IndexDescription, description_of, index_body
from search_engine.lexical_query import searchable_text
from search_engine.vector_storage import stored_vectors

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationStatistics:
    """Figures of one generation."""

    documents: int
    vectors: int
    """Documents that have one."""
    size_bytes: int
    """Of the primary shards."""
    segments: int
    """Of the primary shards; fewer are searched faster."""
    shards: int
    replicas: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexSize:
    """How much an index holds."""

    documents: int
    """That a search can find; of a generation that is being written none may be so yet."""
    size_bytes: int
    """Of the primary shards."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundProduct:
    """One product that a probe found."""

    product_id: str
    title: str


def generation_statistics(client: OpenSearch, index: str) -> GenerationStatistics:
    """Return the figures of a generation.

    Raises:
        IndexNotFoundError: there is no such index.
        SearchEngineError: OpenSearch does not answer as it should.
    """
    with translated_errors():
        primaries = client.indices.stats(index=index, metric="docs,store,segments")["_all"][
            "primaries"
        ]
        settings = client.indices.get_settings(index=index)[index]["settings"]["index"]
        vectors = client.count(index=index, body={"query": {"exists": {"field": VECTOR_FIELD}}})
    return GenerationStatistics(
        documents=primaries["docs"]["count"],
        vectors=vectors["count"],
        size_bytes=primaries["store"]["size_in_bytes"],
        segments=primaries["segments"]["count"],
        shards=int(settings["number_of_shards"]),
        replicas=int(settings["number_of_replicas"]),
    )


def index_sizes(client: OpenSearch, indices: Sequence[str]) -> dict[str, IndexSize]:
    """Return the sizes of indices by name; one that was deleted meanwhile is left out.

    Raises:
        SearchEngineError: OpenSearch does not answer as it should.
    """
    if not indices:
        return {}
    with translated_errors():
        answer = client.indices.stats(
            index=",".join(indices),
            metric="docs,store",
            params={"ignore_unavailable": "true", "expand_wildcards": "all"},
        )
    return {
        name: IndexSize(
            documents=stats["primaries"]["docs"]["count"],
            size_bytes=stats["primaries"]["store"]["size_in_bytes"],
        )
        for name, stats in answer["indices"].items()
    }


def count_documents(client: OpenSearch, index: str) -> int:
    """Return how many documents a search can find.

    Raises:
        IndexNotFoundError: there is no such index or alias.
        SearchEngineError: OpenSearch does not answer as it should.
    """
    with translated_errors():
        return int(client.count(index=index)["count"])


def mapping_deviations(
    client: OpenSearch,
    index: str,
    description: IndexDescription,
    settings: SearchEngineSettings,
) -> tuple[str, ...]:
    """Say where a generation's mapping is not the one that was asked for; empty when it is.

    An index that is deleted while it is written comes back without its mapping: OpenSearch makes it
    anew for the next document.
    """
    with translated_errors():
        actual = client.indices.get_mapping(index=index)[index]["mappings"]
    asked = index_body(description, settings)["mappings"]["properties"]
    deviations = []
    if description_of(actual) != description:
        deviations.append("its description is another one")
    found = actual.get("properties", {})
    deviations += [
        f"the field {name} is {_kind(found.get(name))}, not {_kind(field)}"
        for name, field in asked.items()
        if _kind(found.get(name)) != _kind(field)
    ]
    return tuple(deviations)


def _kind(field: Mapping[str, Any] | None) -> str:
    if field is None:
        return "missing"
    kind = str(field.get("type", "object"))
    if "dimension" not in field:
        return kind
    # OpenSearch gives its name back in capitals.
    components = str(field.get("data_type", "float")).lower()
    return f"{kind}[{field['dimension']} {components}]"


def find_by_title(
    client: OpenSearch, index: str, titles: Sequence[str], size: int
) -> list[tuple[FoundProduct, ...]]:
    """Search for each title with BM25; best products first."""
    return _search(
        client,
        index,
        [{"match": {"title": {"query": searchable_text(title)}}} for title in titles],
        size,
    )


def find_by_vector(
    client: OpenSearch,
    index: str,
    vectors: "NDArray[np.float32]",
    size: int,
    compression: VectorCompression = VectorCompression.NONE,
) -> list[tuple[FoundProduct, ...]]:
    """Search for the nearest products of each vector; nearest first."""
    stored = stored_vectors(vectors, compression)
    return _search(
        client,
        index,
        [{"knn": {VECTOR_FIELD: {"vector": row.tolist(), "k": size}}} for row in stored],
        size,
    )


def _search(
    client: OpenSearch, index: str, queries: Sequence[dict[str, Any]], size: int
) -> list[tuple[FoundProduct, ...]]:
    if not queries:
        return []
    lines: list[dict[str, Any]] = []
    for query in queries:
        lines += [{"index": index}, {"query": query, "size": size, "_source": ["id", "title"]}]
    with translated_errors():
        answers = client.msearch(body=lines)["responses"]
    # A query that fails finds nothing: the check that asked says so.
    return [
        tuple(
            FoundProduct(product_id=hit["_source"]["id"], title=hit["_source"]["title"])
            for hit in answer.get("hits", {}).get("hits", ())
        )
        for answer in answers
    ]
