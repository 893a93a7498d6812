"""How much faster a model scores as it is served than by the library that trained it.

    python -m benchmarks.reranking_ratio MODEL EXPORTED [--pairs 50] [--rounds 10] [--threads 1 2]

MODEL is a folder of `shopkeeper reranker train`, EXPORTED the same model after `shopkeeper reranker
export`. Both score the same windows of the held-out queries, in turn, so that other work on the
machine hurts both alike: `sentence_transformers.CrossEncoder.predict` in fp32 with its own
defaults, and the int8 export; with one thread each, and with one a core. Processor time is told
beside wall time; on a busy machine it is the steadier one. Needs the extra `train`.
"""

import argparse
import os
import statistics
import time
from pathlib import Path

import numpy as np
import torch
from sentence_transformers import CrossEncoder as LibraryCrossEncoder

from reranker import ScoringOptions, load_cross_encoder
from reranker.training import held_out_pairs
from search_core.settings import RerankerTrainingSettings


def timed(call):
    wall, processor = time.perf_counter(), time.process_time()
    result = call()
    return result, time.perf_counter() - wall, time.process_time() - processor


def ranks(scores):
    return np.argsort(np.argsort(scores))


def compared(library, exported: Path, windows, rounds: int, threads: int) -> None:
    torch.set_num_threads(threads)
    served = load_cross_encoder(exported, ScoringOptions(threads=threads))
    times = {"predict": [], "served": []}
    correlations = []
    for place in range(rounds + 1):
        window = windows[place % len(windows)]
        expected, *predict = timed(
            lambda window=window: library.predict(list(window), show_progress_bar=False)
        )
        logits, *ours = timed(lambda window=window: served.score(window))
        correlations.append(np.corrcoef(ranks(expected), ranks(logits))[0, 1])
        if place:  # the first round warms up
            times["predict"].append(predict)
            times["served"].append(ours)
    medians = {
        name: [statistics.median(column) * 1000 for column in zip(*found, strict=True)]
        for name, found in times.items()
    }
    print(f"{threads} threads each, windows of {len(windows[0])} pairs, median of {rounds}:")
    for name, (wall, processor) in medians.items():
        print(f"  {name:8} {wall:8.1f} ms wall  {processor:8.1f} ms processor")
    walls, processors = (medians["predict"][place] / medians["served"][place] for place in (0, 1))
    print(f"  ratio    {walls:8.2f}     wall  {processors:8.2f}     processor")
    print(f"  rank correlation of the scores: {np.mean(correlations):.4f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("exported", type=Path)
    parser.add_argument("--pairs", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--threads", type=int, nargs="+", default=sorted({1, os.cpu_count() or 1}))
    arguments = parser.parse_args()
    library = LibraryCrossEncoder(str(arguments.model), local_files_only=True, device="cpu")
    pairs = held_out_pairs(arguments.model, RerankerTrainingSettings())
    windows = [
        pairs[start : start + arguments.pairs]
        for start in range(0, len(pairs) - arguments.pairs + 1, arguments.pairs)
    ]
    if not windows:
        raise SystemExit(f"{arguments.model} held out {len(pairs)} pairs, fewer than a window")
    for threads in arguments.threads:
        compared(library, arguments.exported, windows, arguments.rounds, threads)


if __name__ == "__main__":
    main()
