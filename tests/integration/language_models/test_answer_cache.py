import sqlite3
import subprocess
import sys
import textwrap
from random import Random

import pytest

from language_models import AnswerCache

KEYS = [bytes([number]) * 16 for number in range(50)]


def filled(folder, **settings):
    cache = AnswerCache(folder, **{"max_bytes": 10_000_000, **settings})
    cache.store({key: f"answer {number} 答案" for number, key in enumerate(KEYS)})
    return cache


def test_answers_are_found_by_their_keys(tmp_path):
    cache = filled(tmp_path)
    assert cache.lookup([KEYS[3], b"x" * 16, KEYS[7]]) == {
        KEYS[3]: "answer 3 答案",
        KEYS[7]: "answer 7 答案",
    }
    assert cache.stats().entries == 50


def test_an_answer_of_the_same_key_is_replaced(tmp_path):
    cache = filled(tmp_path)
    cache.store({KEYS[0]: "better"})
    assert cache.lookup(KEYS[:1]) == {KEYS[0]: "better"}
    assert cache.stats().entries == 50


def test_a_cache_of_no_bytes_keeps_nothing_and_makes_no_file(tmp_path):
    cache = AnswerCache(tmp_path / "none", 0)
    cache.store({KEYS[0]: "answer"})
    assert cache.lookup(KEYS) == {}
    assert not (tmp_path / "none").exists()


def test_flipped_bytes_count_as_missing_and_are_stored_anew(tmp_path):
    cache = filled(tmp_path)
    connection = sqlite3.connect(tmp_path / "answers.sqlite3")
    with connection:
        connection.execute("UPDATE answers SET content = x'00' || content WHERE key = ?", KEYS[:1])
    connection.close()
    assert set(cache.lookup(KEYS)) == set(KEYS[1:])
    cache.store({KEYS[0]: "anew"})
    assert cache.lookup(KEYS[:1]) == {KEYS[0]: "anew"}


@pytest.mark.parametrize("damage", ["overwritten", "truncated", "no database"])
def test_a_damaged_file_is_replaced_and_work_goes_on(tmp_path, damage):
    cache = filled(tmp_path)
    path = tmp_path / "answers.sqlite3"
    content = path.read_bytes()
    path.write_bytes(
        {
            "overwritten": content[:100] + b"\xff" * (len(content) - 100),
            "truncated": content[: len(content) // 2],
            "no database": b"hello" * 1000,
        }[damage]
    )
    for _ in range(2):  # the first finds the damage, where reading alone does
        cache.lookup(KEYS)
        cache.store(dict.fromkeys(KEYS, "anew"))
    assert cache.lookup(KEYS) == dict.fromkeys(KEYS, "anew")


def test_a_folder_that_cannot_be_made_costs_the_answers_only(tmp_path, caplog):
    (tmp_path / "file").write_text("in the way")
    cache = AnswerCache(tmp_path / "file" / "answers", 1_000_000)
    cache.store({KEYS[0]: "answer"})
    assert cache.lookup(KEYS) == {}
    assert "answer_cache_failed" in caplog.text


def test_the_longest_unused_go_first_when_it_is_full(tmp_path):
    now = [1_000_000.0]
    cache = AnswerCache(tmp_path, 100_000_000, clock=lambda: now[0])
    random = Random(1)
    texts = {key: random.randbytes(5_000).hex() for key in KEYS}  # hardly compressible
    for key, text in texts.items():
        now[0] += 1
        cache.store({key: text})
    now[0] += 10_000
    cache.lookup(KEYS[:10])  # used again
    before = cache.stats()
    dropped = cache.prune(before.size_bytes // 2)
    after = cache.stats()
    assert after.entries == 50 - dropped
    assert after.size_bytes <= before.size_bytes // 2
    left = set(cache.lookup(KEYS))
    assert set(KEYS[:10]) <= left
    assert KEYS[10] not in left
    assert KEYS[49] in left


def test_what_was_not_used_since_a_day_can_be_dropped(tmp_path):
    now = [1_000_000.0]
    cache = AnswerCache(tmp_path, 100_000_000, clock=lambda: now[0])
    cache.store({KEYS[0]: "old"})
    now[0] += 100
    cache.store({KEYS[1]: "new"})
    assert cache.prune(100_000_000, unused_since=1_000_050) == 1
    assert cache.lookup(KEYS[:2]) == {KEYS[1]: "new"}


def test_processes_write_at_the_same_time(tmp_path):
    program = textwrap.dedent(
        """
        import sys
        from pathlib import Path
        from language_models import AnswerCache

        cache = AnswerCache(Path(sys.argv[1]), 10_000_000)
        for number in range(40):
            cache.store({f"{sys.argv[2]}-{number:013}".encode(): f"{sys.argv[2]} {number}"})
        """
    )
    running = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path), name],
            stderr=subprocess.PIPE,
        )
        for name in "abc"
    ]
    for process in running:
        _, errors = process.communicate(timeout=60)
        assert (process.returncode, errors) == (0, b"")
    cache = AnswerCache(tmp_path, 10_000_000)
    assert cache.stats().entries == 120
    key = f"b-{39:013}".encode()
    assert cache.lookup([key]) == {key: "b 39"}
