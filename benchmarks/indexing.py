"""Indexes a catalogue end to end, against the obvious script on the same text.

    python -m benchmarks.indexing CATALOGUE --url URL [--judgments FILE] [--baseline-model FOLDER]

The obvious script: read the file, `SentenceTransformer.encode` of all-MiniLM-L6-v2 in fp32 at its
defaults, then `opensearchpy.helpers.bulk`. It needs the extra `train` and the model's folder; it is
left out where they are missing, and so is the ratio. Both write the same documents into the same
mapping. A second run of ours, unchanged, shows what the cache saves. With judgments, recall@100 of
the k-NN leg is compared too.
"""

import argparse
import asyncio
import csv
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import numpy as np

from artifacts import ArtifactStore, default_cache_dir
from encoders import create_text_encoder
from indexer import (
    ReindexRequest,
    ReindexTools,
    infer_schema,
    open_catalog,
    passage_text,
    read_products,
    reindex,
)
from retrieval import Retriever, SearchRequest
from search_core import EncoderIdentity, Product, QueryPlan, SilentProgress
from search_core.settings import (
    EncoderSettings,
    IndexerSettings,
    RetrievalSettings,
    SearchEngineSettings,
)
from search_engine import (
    IndexDescription,
    Searcher,
    connect,
    connect_async,
    index_body,
    product_document,
)

ALIAS = "benchmark-indexing"
BASELINE = "benchmark-indexing-baseline"


class FullPrecision:
    """The baseline's model behind the port, so that its index can be searched."""

    def __init__(self, folder: str) -> None:
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415

        self._model = SentenceTransformer(folder, device="cpu")
        self.identity = EncoderIdentity(model_id="baseline", dimension=384)

    def encode_passages(self, texts):
        """Encode with the library's defaults."""
        return self._model.encode(list(texts))

    def encode_query(self, text):
        """Encode one text."""
        vector = self._model.encode([text])[0]
        return vector / np.linalg.norm(vector)


def obvious_script(catalogue: Path, url: str, model: FullPrecision) -> float:
    """Do what a first script does; return its seconds."""
    from opensearchpy import OpenSearch, helpers  # noqa: PLC0415

    client = OpenSearch(url, timeout=120)
    client.indices.delete(index=BASELINE, ignore=[404])
    description = IndexDescription(languages=("en",), encoder=model.identity)
    client.indices.create(index=BASELINE, body=index_body(description, SearchEngineSettings()))
    started = time.perf_counter()
    products = read_all(catalogue)
    vectors = model.encode_passages([passage_text(each, IndexerSettings()) for each in products])
    actions = (
        {"_index": BASELINE, "_id": each.id, **product_document(each), "vector": row.tolist()}
        for each, row in zip(products, vectors, strict=True)
    )
    helpers.bulk(client, actions)
    client.indices.refresh(index=BASELINE)
    return time.perf_counter() - started


def read_all(catalogue: Path) -> list[Product]:
    with open_catalog(catalogue) as source:
        schema = infer_schema(source.sample()).schema
        rows = list(read_products(source, schema, IndexerSettings()))
    return [each for each in rows if isinstance(each, Product)]


def ours(catalogue: Path, url: str, cache: Path) -> float:
    """Reindex; return its seconds, schema inference and alias swap included."""
    engine = SearchEngineSettings(url=url, timeout_seconds=120)
    store = ArtifactStore(default_cache_dir())
    tools = ReindexTools(
        client=connect(engine),
        engine=engine,
        settings=IndexerSettings(),
        encoder_for=lambda languages: create_text_encoder(
            EncoderSettings(), languages, store, cache
        ),
        progress=SilentProgress(),
    )
    started = time.perf_counter()
    reindex(ReindexRequest(catalog=catalogue, alias=ALIAS), tools)
    return time.perf_counter() - started


async def dense_recall(index: str, url: str, encoder, judgments: Path) -> float:
    """Return recall@100 of the k-NN leg, over queries with a relevant product."""
    relevant: dict[str, set[str]] = defaultdict(set)
    with judgments.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            if int(row["rating"]) > 0:
                relevant[row["query"]].add(row["docid"])
    settings = RetrievalSettings(all_terms=False, some_terms=False, dense_floor=0, deadline_ms=9000)
    searcher = Searcher(connect_async(SearchEngineSettings(url=url)))
    retriever = Retriever(searcher, settings, lambda _: encoder)
    recalls = []
    for query, wanted in relevant.items():
        request = SearchRequest(plan=QueryPlan.plain(query), size=100)
        response = await retriever.search(index, request)
        found = {hit.product_id for hit in response.hits}
        recalls.append(len(found & wanted) / len(wanted))
    await searcher.close()
    return float(np.mean(recalls))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("catalogue", type=Path)
    parser.add_argument("--url", required=True)
    parser.add_argument("--judgments", type=Path)
    parser.add_argument("--baseline-model", help="folder of all-MiniLM-L6-v2 (safetensors)")
    parser.add_argument("--rounds", type=int, default=1)
    arguments = parser.parse_args()
    seconds: dict[str, list[float]] = defaultdict(list)
    model = FullPrecision(arguments.baseline_model) if arguments.baseline_model else None
    for _ in range(arguments.rounds):
        with tempfile.TemporaryDirectory() as folder:
            cache = Path(folder)
            seconds["ours"].append(ours(arguments.catalogue, arguments.url, cache))
            seconds["ours, unchanged"].append(ours(arguments.catalogue, arguments.url, cache))
        if model is not None:
            seconds["obvious script"].append(
                obvious_script(arguments.catalogue, arguments.url, model)
            )
    best = {name: min(each) for name, each in seconds.items()}
    for name, each in seconds.items():
        print(f"{name:16} {min(each):7.1f} s   (all: {', '.join(f'{s:.1f}' for s in each)})")
    print(f"unchanged run: {best['ours'] / best['ours, unchanged']:.2f} times as fast as the first")
    if model is not None:
        ratio = best["obvious script"] / best["ours"]
        print(f"ours is {ratio:.2f} times as fast as the obvious script")
    if arguments.judgments:
        encoder = create_text_encoder(
            EncoderSettings(), ["en"], ArtifactStore(default_cache_dir()), None
        )
        recall = asyncio.run(dense_recall(ALIAS, arguments.url, encoder, arguments.judgments))
        print(f"recall@100 of the k-NN leg: ours {recall:.4f}")
        if model is not None:
            theirs = asyncio.run(dense_recall(BASELINE, arguments.url, model, arguments.judgments))
            print(f"  obvious script {theirs:.4f}, ratio {recall / theirs:.4f}")


if __name__ == "__main__":
    main()
