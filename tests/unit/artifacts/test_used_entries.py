"""The table below caches, in a real SQLite file."""

import sqlite3

import pytest

from artifacts import UsedEntries, entries_schema


@pytest.fixture
def entries(tmp_path):
    connection = sqlite3.connect(tmp_path / "cache.sqlite3", isolation_level=None)
    connection.executescript(entries_schema("things", "thing", 3))
    yield UsedEntries(connection, "things", "thing")
    connection.close()


def row(key, used, content=b"x"):
    return key, content, 7, used


def test_what_was_written_is_read_and_replaced_by_key(entries):
    entries.write([row(b"a", 1), row(b"b", 2)])
    entries.write([row(b"a", 3, b"y")])
    assert sorted(entries.read([b"a", b"b", b"c"])) == [row(b"a", 3, b"y"), row(b"b", 2)]
    assert (entries.count(), entries.layout_version(), entries.is_sound()) == (2, 3, True)


def test_more_keys_than_a_statement_takes_are_read(entries):
    keys = [n.to_bytes(4) for n in range(1_200)]
    entries.write([row(key, 1) for key in keys])
    assert len(entries.read(keys)) == 1_200


def test_the_longest_unused_go_first_and_a_use_counts(entries):
    entries.write([row(b"a", 1), row(b"b", 2), row(b"c", 3)])
    entries.touch([b"a"], 4)
    assert entries.oldest_use() == 2
    assert entries.drop_longest_unused(1) == 1
    assert entries.drop_unused_since(4) == 1
    assert [key for key, *_ in entries.read([b"a", b"b", b"c"])] == [b"a"]


def test_a_full_file_shrinks_below_its_bound(entries):
    entries.write([row(n.to_bytes(4), n, bytes(2_000)) for n in range(500)])
    bound = entries.size_bytes() // 2
    dropped = entries.shrink(bound)
    assert 250 <= dropped < 500
    assert entries.count() == 500 - dropped
    assert entries.oldest_use() == dropped
    assert entries.size_bytes() <= bound
    assert entries.shrink(bound) == 0
    entries.shrink(0)
    assert (entries.count(), entries.oldest_use()) == (0, None)
