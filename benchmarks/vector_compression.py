"""What each way to store vectors costs and finds: size, build time, recall, latency, side by side.

    python -m benchmarks.vector_compression --index ALIAS --url URL --queries FILE [--rounds 5]

The vectors of a live generation are written again, alone, into one index for each way and merged
into one segment. Recall is against an exact search over the original vectors in this process, for
the same queries. The ways take turns query by query, so that a busy machine hits all alike.
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import orjson

from artifacts import ArtifactStore, default_cache_dir
from benchmarks.retrieval import queries_of
from encoders import encoder_for_model_id
from search_core.settings import EncoderSettings, SearchEngineSettings
from search_engine import connect, description_of, scan_products

NEIGHBOURS = 100
_CHUNK = 500


def as_is(vectors):
    return vectors


def as_unit_bytes(vectors):
    """Return each component of a unit vector in 1/127ths, so that 1 is the largest byte."""
    return np.clip(np.round(vectors * 127), -128, 127).astype(np.int8)


def as_bytes(vectors):
    """Return components in bytes that reach to five times their root mean square.

    The components of a unit vector of d dimensions have a root mean square of 1/sqrt(d): in 127ths
    most are within 6 of 0, and the other values of a byte are never used.
    """
    scale = 127 * np.sqrt(vectors.shape[-1]) / 5
    return np.clip(np.round(vectors * scale), -128, 127).astype(np.int8)


def as_bits(vectors):
    """Return the signs of the components, eight to a byte."""
    return np.packbits(vectors > 0, axis=-1).view(np.int8)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Storage:
    """One way to store vectors."""

    name: str
    written: Callable
    mapping: dict


def method(space: str, **parameters) -> dict:
    return {
        "name": "hnsw",
        "engine": "lucene",
        "space_type": space,
        "parameters": {"m": 16, "ef_construction": 100, **parameters},
    }


STORAGES = (
    Storage(name="float", written=as_is, mapping={"method": method("innerproduct")}),
    Storage(
        name="scalar, 7 bits",
        written=as_is,
        mapping={"method": method("innerproduct", encoder={"name": "sq"})},
    ),
    Storage(
        name="byte of unit",
        written=as_unit_bytes,
        mapping={"data_type": "byte", "method": method("innerproduct")},
    ),
    Storage(
        name="byte, spread",
        written=as_bytes,
        mapping={"data_type": "byte", "method": method("innerproduct")},
    ),
    Storage(
        name="binary",
        written=as_bits,
        mapping={"data_type": "binary", "method": method("hamming")},
    ),
)


def fill(client, index: str, storage: Storage, ids, vectors) -> float:
    """Create and fill an index; returns seconds until it is merged."""
    mapping = {"type": "knn_vector", "dimension": vectors.shape[1], **storage.mapping}
    body = {
        "settings": {"index": {"knn": True, "number_of_replicas": 0, "refresh_interval": "-1"}},
        "mappings": {"properties": {"id": {"type": "keyword"}, "vector": mapping}},
    }
    client.indices.create(index=index, body=body)
    written = storage.written(vectors)
    started = time.perf_counter()
    for first in range(0, len(ids), _CHUNK):
        lines = bytearray()
        for place in range(first, min(first + _CHUNK, len(ids))):
            document = {"id": ids[place], "vector": written[place].tolist()}
            lines += b'{"index":{}}\n' + orjson.dumps(document) + b"\n"
        answer = client.bulk(index=index, body=bytes(lines))
        assert not answer["errors"], answer["items"][0]
    client.indices.forcemerge(index=index, params={"max_num_segments": 1, "timeout": 600})
    client.indices.refresh(index=index)
    return time.perf_counter() - started


def search_body(storage: Storage, vector, neighbours: int) -> dict:
    knn = {"vector": storage.written(vector).tolist(), "k": neighbours}
    return {
        "size": neighbours,
        "query": {"knn": {"vector": knn}},
        "_source": False,
        "stored_fields": "_none_",
        "docvalue_fields": ["id"],
        "track_total_hits": False,
    }


def found(client, index: str, body: dict) -> list[str]:
    hits = client.search(index=index, body=body)["hits"]["hits"]
    return [hit["fields"]["id"][0] for hit in hits]


def measure(arguments: argparse.Namespace) -> None:
    client = connect(SearchEngineSettings(url=arguments.url, timeout_seconds=600))
    (mapping,) = client.indices.get_mapping(index=arguments.index).values()
    model_id = description_of(mapping["mappings"]).encoder.model_id
    rows = list(scan_products(client, arguments.index, ["id", "vector"]))
    ids = [row["id"] for row in rows]
    vectors = np.array([row["vector"] for row in rows], np.float32)
    encoder = encoder_for_model_id(model_id, EncoderSettings(), ArtifactStore(default_cache_dir()))
    queries = np.array([encoder.encode_query(each) for each in queries_of(arguments.queries)])
    exact = [
        {ids[place] for place in np.argsort(-(vectors @ query), kind="stable")[:NEIGHBOURS]}
        for query in queries
    ]
    names = {storage: f"benchmark-vectors-{place}" for place, storage in enumerate(STORAGES)}
    try:
        seconds = {
            storage: fill(client, name, storage, ids, vectors) for storage, name in names.items()
        }
        report(arguments, client, names, seconds, queries, exact, (ids, vectors))
    finally:
        client.indices.delete(index=",".join(names.values()), params={"ignore_unavailable": "true"})


def report(arguments, client, names, seconds, queries, exact, original) -> None:
    times: dict = {storage: [] for storage in names}
    recalls: dict = {storage: [] for storage in names}
    rescored: dict = {storage: [] for storage in names}
    for round_number in range(arguments.rounds + 1):
        for query, truth in zip(queries, exact, strict=True):
            for storage, name in names.items():
                started = time.perf_counter()
                answer = found(client, name, search_body(storage, query, NEIGHBOURS))
                if round_number:  # the first warms up
                    times[storage].append(time.perf_counter() - started)
                else:
                    recalls[storage].append(len(truth.intersection(answer)) / NEIGHBOURS)
                    wide = found(client, name, search_body(storage, query, 3 * NEIGHBOURS))
                    rescored[storage].append(rescored_recall(wide, query, truth, original))
    base = names[STORAGES[0]]
    size_of_floats = client.indices.stats(index=base)["_all"]["primaries"]["store"]["size_in_bytes"]
    count, dimension = original[1].shape
    print(f"{count} vectors of {dimension} components, {len(queries)} queries")
    print("storage          MB    of float  written s  recall@100  of 300 rescored  p50 ms  p95 ms")
    for storage, name in names.items():
        size = client.indices.stats(index=name)["_all"]["primaries"]["store"]["size_in_bytes"]
        p50, p95 = np.percentile(times[storage], [50, 95]) * 1000
        print(
            f"{storage.name:14} {size / 1e6:6.1f} {size / size_of_floats:9.2f}"
            f" {seconds[storage]:10.1f} {np.mean(recalls[storage]):11.3f}"
            f" {np.mean(rescored[storage]):16.3f} {p50:7.2f} {p95:7.2f}"
        )


def rescored_recall(wide: list[str], query, truth: set[str], original) -> float:
    """Return the recall of the best 100 of 300 when the original vectors order them."""
    ids, vectors = original
    places = {product_id: place for place, product_id in enumerate(ids)}
    best = sorted(wide, key=lambda each: -float(vectors[places[each]] @ query))[:NEIGHBOURS]
    return len(truth.intersection(best)) / NEIGHBOURS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index", required=True)
    parser.add_argument("--url", required=True)
    parser.add_argument("--queries", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=5)
    measure(parser.parse_args())


if __name__ == "__main__":
    main()
