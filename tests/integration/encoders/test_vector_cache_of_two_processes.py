import multiprocessing
from pathlib import Path

import numpy as np

from encoders import VectorCache, vector_key

ROOMY = 100_000_000


def keys_of(*texts):
    return [vector_key("model@1", text) for text in texts]


def store_from_a_process(folder: Path, name: str) -> None:
    with VectorCache(folder, ROOMY) as cache:
        for chunk in range(10):
            texts = [f"{name}-{chunk}-{i}" for i in range(50)]
            cache.store(keys_of(*texts), np.ones((50, 8), np.float32))
            cache.lookup(keys_of(*texts), 8)


def test_two_processes_may_fill_a_new_cache_at_once(tmp_path):
    folder = tmp_path / "vectors"
    processes = [
        multiprocessing.get_context("spawn").Process(
            target=store_from_a_process, args=(folder, name)
        )
        for name in ("a", "b")
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0]
    with VectorCache(folder, ROOMY) as cache:
        assert cache.stats().entries == 1000
