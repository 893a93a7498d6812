import threading

import numpy as np
import pytest

from encoders.batch_workers import BatchWorkers, usable_cores

BATCHES = [np.array([2, 0]), np.array([1]), np.array([3])]


def places(batch):
    return batch[:, None].astype(np.float32)


@pytest.mark.parametrize("threads", [1, 3])
def test_vectors_go_to_the_rows_their_batch_names(threads):
    rows = np.full((4, 1), -1, np.float32)
    BatchWorkers(threads).encode(BATCHES, places, rows)
    assert rows[:, 0].tolist() == [0, 1, 2, 3]


def test_batches_are_computed_side_by_side():
    both_are_computing = threading.Barrier(2, timeout=10)

    def wait_for_the_other(batch):
        both_are_computing.wait()
        return places(batch)

    BatchWorkers(2).encode(BATCHES[:2], wait_for_the_other, np.zeros((4, 1), np.float32))


@pytest.mark.parametrize("threads", [1, 2])
def test_an_error_in_a_batch_is_raised_to_the_caller(threads):
    def fail(batch):
        raise ValueError(f"batch {batch.tolist()}")

    with pytest.raises(ValueError, match=r"batch \[2, 0\]"):
        BatchWorkers(threads).encode(BATCHES, fail, np.zeros((4, 1), np.float32))


def test_zero_threads_mean_every_core():
    assert BatchWorkers(0).threads == usable_cores() >= 1
