import logging
import sqlite3
import subprocess
import sys
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from encoders.vector_cache import VectorCache, VectorCacheSize, vector_key

ROOMY = 100_000_000


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def keys_of(*texts):
    return [vector_key("model@1", text) for text in texts]


def vectors_of(*rows):
    return np.array(rows, np.float32)


@pytest.fixture
def cache(tmp_path):
    with VectorCache(tmp_path / "vectors", ROOMY) as opened:
        yield opened


def newest_file(cache_folder: Path) -> Path:
    return max(cache_folder.glob("vectors-*.sqlite3"))


def test_what_was_stored_is_found_and_the_rest_is_not(cache):
    cache.store(keys_of("red", "blue"), vectors_of([1, 0], [0.5, 0.25]))
    found, vectors = cache.lookup(keys_of("green", "blue", "red"), 2)
    assert found.tolist() == [False, True, True]
    assert vectors[1:].tolist() == [[0.5, 0.25], [1, 0]]


def test_another_model_or_text_has_another_key():
    assert vector_key("a@1", "x") == vector_key("a@1", "x")
    assert len({vector_key("a@1", "x"), vector_key("a@2", "x"), vector_key("a@1", "y")}) == 3


def test_a_text_with_half_a_surrogate_pair_has_a_key():
    assert vector_key("a@1", "\ud83d") != vector_key("a@1", "?")


def test_nothing_is_found_for_no_keys(cache):
    found, vectors = cache.lookup([], 4)
    assert found.shape == (0,)
    assert vectors.shape == (0, 4)


def test_more_keys_than_one_statement_takes_are_found(cache):
    keys = keys_of(*map(str, range(1_203)))
    cache.store(keys, np.arange(1_203, dtype=np.float32)[:, None] / 2048)
    found, vectors = cache.lookup(keys[::-1], 1)
    assert found.all()
    assert (vectors[:, 0] * 2048).tolist() == list(range(1_202, -1, -1))


def test_vectors_are_there_after_the_file_is_opened_again(tmp_path):
    with VectorCache(tmp_path / "vectors", ROOMY) as first:
        first.store(keys_of("red"), vectors_of([1, 0]))
    with VectorCache(tmp_path / "vectors", ROOMY) as second:
        assert second.lookup(keys_of("red"), 2)[0].tolist() == [True]


@given(st.integers(0, 2**32 - 1))
def test_half_precision_keeps_a_cosine_to_six_digits(seed):
    vector = np.random.default_rng(seed).normal(size=384).astype(np.float32)
    vector /= np.linalg.norm(vector)
    half = vector.astype(np.float16).astype(np.float32)
    assert vector @ half / np.linalg.norm(half) == pytest.approx(1, abs=1e-6)


def test_an_entry_of_another_dimension_counts_as_missing(cache):
    cache.store(keys_of("red"), vectors_of([1, 0]))
    assert cache.lookup(keys_of("red"), 3)[0].tolist() == [False]


def test_a_damaged_entry_counts_as_missing_and_can_be_stored_again(cache, tmp_path):
    cache.store(keys_of("red", "blue"), vectors_of([1, 0], [0, 1]))
    with sqlite3.connect(newest_file(tmp_path / "vectors")) as direct:
        damaged = np.array([0.5, 0], np.float16).tobytes()
        direct.execute("UPDATE vectors SET vector = ? WHERE key = ?", (damaged, keys_of("red")[0]))
    direct.close()
    assert cache.lookup(keys_of("red", "blue"), 2)[0].tolist() == [False, True]
    cache.store(keys_of("red"), vectors_of([1, 0]))
    assert cache.lookup(keys_of("red"), 2)[0].tolist() == [True]


def damage_start(path: Path) -> None:
    path.write_bytes(b"not a database at all" * 1000)


def damage_middle(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[8192:] = b"\xff" * (len(content) - 8192)
    path.write_bytes(content)


@pytest.mark.parametrize("damage", [damage_start, damage_middle])
def test_a_damaged_file_is_replaced_by_an_empty_one(tmp_path, caplog, damage):
    folder = tmp_path / "vectors"
    with VectorCache(folder, ROOMY) as before:
        before.store(keys_of(*map(str, range(100))), np.ones((100, 384), np.float32))
    damaged = newest_file(folder)
    damage(damaged)
    with VectorCache(folder, ROOMY) as cache, caplog.at_level(logging.WARNING):
        assert cache.lookup(keys_of("1"), 384)[0].tolist() == [False]
        cache.store(keys_of("red"), vectors_of([1, 0]))
        assert cache.lookup(keys_of("red"), 2)[0].tolist() == [True]
        assert cache.stats().entries == 1
    assert not damaged.exists()
    assert "vector_cache_failed" in caplog.text


def test_a_file_of_an_unknown_layout_is_replaced(tmp_path):
    folder = tmp_path / "vectors"
    folder.mkdir()
    with sqlite3.connect(folder / "vectors-1.sqlite3") as direct:
        direct.execute("PRAGMA user_version = 99")
    direct.close()
    with VectorCache(folder, ROOMY) as cache:
        cache.lookup(keys_of("red"), 2)
        cache.store(keys_of("red"), vectors_of([1, 0]))
        assert cache.stats().entries == 1


def test_a_process_that_had_the_damaged_file_open_goes_on_with_the_new_one(tmp_path):
    folder = tmp_path / "vectors"
    with VectorCache(folder, ROOMY) as early, VectorCache(folder, ROOMY) as late:
        early.store(keys_of(*map(str, range(100))), np.ones((100, 384), np.float32))
        early.close()
        damage_middle(newest_file(folder))
        for cache in (early, late):
            cache.lookup(keys_of("1"), 384)
        early.store(keys_of("red"), vectors_of([1, 0]))
        assert late.lookup(keys_of("red"), 2)[0].tolist() == [True]


def test_a_place_that_cannot_be_used_costs_the_cache_and_nothing_else(tmp_path, caplog):
    (tmp_path / "vectors").write_text("a file where the folder should be", encoding="utf-8")
    cache = VectorCache(tmp_path / "vectors", ROOMY)
    with caplog.at_level(logging.WARNING):
        cache.store(keys_of("red"), vectors_of([1, 0]))
        assert cache.lookup(keys_of("red"), 2)[0].tolist() == [False]
    assert cache.stats() == VectorCacheSize(entries=0, size_bytes=0)
    assert "vector_cache_failed" in caplog.text


def test_the_longest_unused_entries_go_first_when_it_is_full(tmp_path):
    clock = Clock()
    limit = 1_000_000  # about 1,200 vectors of 384 in half precision
    with VectorCache(tmp_path / "vectors", limit, clock) as cache:
        old, used, new = (keys_of(*(f"{name}{i}" for i in range(500))) for name in "abc")
        cache.store(old, np.ones((500, 384), np.float32))
        cache.store(used, np.ones((500, 384), np.float32))
        clock.now += 7200
        cache.lookup(used, 384)
        clock.now += 7200
        cache.store(new, np.ones((500, 384), np.float32))
        assert cache.lookup(used, 384)[0].all()
        assert cache.lookup(new, 384)[0].all()
        assert not cache.lookup(old, 384)[0].all()
        assert cache.stats().size_bytes <= limit


def test_a_use_within_the_hour_is_not_written_again(tmp_path):
    clock = Clock()
    with VectorCache(tmp_path / "vectors", ROOMY, clock) as cache:
        cache.store(keys_of("red"), vectors_of([1, 0]))
        clock.now += 3599
        cache.lookup(keys_of("red"), 2)
        with sqlite3.connect(newest_file(tmp_path / "vectors")) as direct:
            assert direct.execute("SELECT used FROM vectors").fetchall() == [(1_000_000,)]
        direct.close()


def test_pruning_empties_the_cache_and_gives_the_space_back(cache):
    cache.store(keys_of(*map(str, range(1000))), np.ones((1000, 384), np.float32))
    before = cache.stats()
    assert before.entries == 1000
    assert before.size_bytes > 1000 * 384 * 2
    assert cache.prune() == 1000
    assert cache.stats().entries == 0
    assert cache.stats().size_bytes < 100_000


def test_pruning_to_a_size_keeps_the_rest(cache):
    cache.store(keys_of(*map(str, range(1000))), np.ones((1000, 384), np.float32))
    half = cache.stats().size_bytes // 2
    dropped = cache.prune(half)
    assert 0 < dropped < 1000
    assert cache.stats().entries == 1000 - dropped
    assert cache.stats().size_bytes <= half
    assert cache.prune(half) == 0


def test_what_was_not_used_since_a_time_is_dropped_whatever_the_size(tmp_path):
    clock = Clock()
    with VectorCache(tmp_path / "vectors", ROOMY, clock) as cache:
        cache.store(keys_of("old", "used"), vectors_of([1, 0], [0, 1]))
        clock.now += 7200
        cache.lookup(keys_of("used"), 2)
        cache.store(keys_of("new"), vectors_of([1, 1]))
        assert cache.prune(ROOMY, unused_since=clock.now - 3600) == 1
        assert cache.lookup(keys_of("old", "used", "new"), 2)[0].tolist() == [False, True, True]


def flip_bytes(path: Path, seed: int) -> None:
    content = bytearray(path.read_bytes())
    random = Random(seed)
    for _ in range(60):
        content[random.randrange(len(content))] ^= 1 << random.randrange(8)
    path.write_bytes(content)


@pytest.mark.parametrize("seed", range(12))
def test_flipped_bytes_cost_entries_but_never_give_a_wrong_vector(tmp_path, seed):
    folder = tmp_path / "vectors"
    keys = keys_of(*map(str, range(300)))
    vectors = np.random.default_rng(seed).normal(size=(300, 96)).astype(np.float16)
    with VectorCache(folder, ROOMY) as before:
        before.store(keys, vectors)
    flip_bytes(newest_file(folder), seed)
    with VectorCache(folder, ROOMY) as cache:
        found, read = cache.lookup(keys, 96)
        assert np.array_equal(read[found], vectors[found])
        cache.store(keys, vectors)
        again, read = cache.lookup(keys, 96)
        assert np.array_equal(read[again], vectors[again])


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.95])
def test_a_file_that_was_cut_off_costs_its_entries_only(tmp_path, share):
    folder = tmp_path / "vectors"
    keys = keys_of(*map(str, range(300)))
    vectors = np.ones((300, 96), np.float16)
    with VectorCache(folder, ROOMY) as before:
        before.store(keys, vectors)
    path = newest_file(folder)
    path.write_bytes(path.read_bytes()[: int(share * path.stat().st_size)])
    with VectorCache(folder, ROOMY) as cache:
        cache.lookup(keys, 96)
        cache.store(keys, vectors)
        cache.store(keys, vectors)
        assert cache.lookup(keys, 96)[0].all()


def test_a_lock_that_another_process_does_not_give_back_costs_writes_only(
    tmp_path, monkeypatch, caplog
):
    monkeypatch.setattr("encoders.vector_database._WAIT_SECONDS", 0.05)
    folder = tmp_path / "vectors"
    with VectorCache(folder, ROOMY) as cache:
        cache.store(keys_of("red"), vectors_of([1, 0]))
        holder = sqlite3.connect(newest_file(folder), isolation_level=None)
        holder.execute("BEGIN EXCLUSIVE")
        with caplog.at_level(logging.WARNING):
            cache.store(keys_of("blue"), vectors_of([0, 1]))
        assert cache.lookup(keys_of("red", "blue"), 2)[0].tolist() == [True, False]
        assert "locked" in caplog.text
        holder.close()
        cache.store(keys_of("blue"), vectors_of([0, 1]))
        assert cache.lookup(keys_of("blue"), 2)[0].tolist() == [True]


FILL = """
import sys
from pathlib import Path
import numpy as np
from encoders.vector_cache import VectorCache, vector_key

with VectorCache(Path(sys.argv[1]), 1_000_000) as cache:
    for start in range(0, 1_000, 50):
        names = [f"{sys.argv[2]}{number}" for number in range(start, start + 50)]
        keys = [vector_key("model@1", name) for name in names]
        cache.store(keys, np.full((50, 384), start, np.float16))
        found, vectors = cache.lookup(keys, 384)
        assert (vectors[found] == start).all()
"""


def test_two_processes_fill_it_at_once_and_keep_within_its_bound(tmp_path):
    folder = tmp_path / "vectors"
    processes = [
        subprocess.Popen([sys.executable, "-c", FILL, str(folder), name], stderr=subprocess.PIPE)
        for name in ("a", "b")
    ]
    for process in processes:
        _, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
        assert b"vector_cache_failed" not in errors
    with VectorCache(folder, 1_000_000) as cache:
        assert 0 < cache.stats().size_bytes <= 1_000_000
        assert cache.stats().entries > 500
