"""How many product texts a second the encoder does, against the plain ways of doing it.

    python benchmarks/encoding.py [CATALOGUE.jsonl[.gz]] [--texts 1000] [--rounds 3]

Without a catalogue, texts are made up with the lengths that product texts have. The ways take
turns within each round, so that other work on the machine touches all of them alike; the fastest
round of each counts. A text is a product's title and the start of its description.
"""

import argparse
import gzip
import json
import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from artifacts import ArtifactStore, default_cache_dir
from encoders import NAMED_MODELS, create_text_encoder
from search_core.settings import EncoderSettings

MODELS = ("all-minilm-l6-v2-int8", "all-minilm-l6-v2")
FIELDS = ("title", "short_description", "description")
NAIVE_BATCH = 32
Encode = Callable[[Sequence[str]], object]


def catalogue_texts(path: Path, count: int) -> list[str]:
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    products = [json.loads(line) for line in content.splitlines()]
    chosen = random.Random(1).sample(products, min(count, len(products)))
    return [" ".join(str(each.get(field) or "")[:120] for field in FIELDS) for each in chosen]


def made_up_texts(count: int) -> list[str]:
    choose = random.Random(1)
    words = ("black", "wireless", "printer", "16 GB", "cotton", "summer dress", "for", "women")
    return [
        " ".join(choose.choices(words, k=int(choose.lognormvariate(3.1, 0.5)) + 1)) + f" {number}"
        for number in range(count)
    ]


def naive(store: ArtifactStore, name: str) -> Encode:
    """Fixed batches in the given order, default session: what a first script does."""
    model = NAMED_MODELS[name]
    folder = store.unpack(model.artifact, [model.weights, model.tokenizer])
    tokenizer = Tokenizer.from_file(str(folder / model.tokenizer))
    tokenizer.enable_truncation(128)
    tokenizer.enable_padding()
    session = onnxruntime.InferenceSession(
        folder / model.weights, providers=["CPUExecutionProvider"]
    )
    output = session.get_outputs()[0].name

    def encode(texts: Sequence[str]) -> object:
        vectors = []
        for start in range(0, len(texts), NAIVE_BATCH):
            batch = tokenizer.encode_batch(list(texts[start : start + NAIVE_BATCH]))
            ids = np.array([each.ids for each in batch], np.int64)
            mask = np.array([each.attention_mask for each in batch], np.int64)
            feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": ids * 0}
            hidden = session.run([output], feed)[0]
            vectors.append((hidden * mask[..., None]).sum(1) / mask.sum(1, keepdims=True))
        return np.concatenate(vectors)

    return encode


def ways(store: ArtifactStore) -> dict[str, Encode]:
    chosen: dict[str, Encode] = {}
    for name in MODELS:
        settings = EncoderSettings(model=name)
        chosen[f"ours, {name}"] = create_text_encoder(settings, [], store, None).encode_passages
        chosen[f"naive, {name}"] = naive(store, name)
    multilingual = "universal-sentence-encoder-multilingual"
    settings = EncoderSettings(model=multilingual)
    chosen[f"ours, {multilingual}"] = create_text_encoder(settings, [], store, None).encode_passages
    try:
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - optional
    except ImportError:
        print("sentence-transformers is not installed: left out")
    else:
        torch_model = SentenceTransformer("sentence-transformers/all-MiniLM-L6-v2", device="cpu")
        chosen["sentence-transformers, fp32"] = lambda texts: torch_model.encode(list(texts))
    return chosen


def query_ms(store: ArtifactStore) -> float:
    encoder = create_text_encoder(EncoderSettings(threads=1), ["en"], store, None)
    times = []
    for _ in range(200):
        started = time.perf_counter()
        encoder.encode_query("red summer dress")
        times.append(time.perf_counter() - started)
    return float(np.median(times) * 1000)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("catalogue", nargs="?", type=Path)
    parser.add_argument("--texts", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    texts = (
        catalogue_texts(arguments.catalogue, arguments.texts)
        if arguments.catalogue
        else made_up_texts(arguments.texts)
    )
    store = ArtifactStore(default_cache_dir())
    fastest: dict[str, float] = {}
    encoders = ways(store)
    for _ in range(arguments.rounds):
        for way, encode in encoders.items():
            started = time.perf_counter()
            encode(texts)
            taken = time.perf_counter() - started
            fastest[way] = min(taken, fastest.get(way, taken))
    reference = fastest["naive, all-minilm-l6-v2"]
    print(f"{len(texts)} texts; ratio to naive fp32")
    for way, taken in sorted(fastest.items(), key=lambda item: item[1]):
        print(f"{len(texts) / taken:8.0f} texts/s  {reference / taken:5.2f}x  {way}")
    print(f"{query_ms(store):8.2f} ms for a query of three words (median, one core)")


if __name__ == "__main__":
    main()
