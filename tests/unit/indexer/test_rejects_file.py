from pathlib import Path

import orjson
import pytest

from indexer import Reject, RejectReason, RejectsFile
from search_core import TooManyRejectsError


def reject(line: int, reason: RejectReason = RejectReason.MISSING_TITLE) -> Reject:
    return Reject(line=line, reason=reason, message=f"line {line}: no title", raw='{"id": 1}')


def test_rejects_are_written_a_line_each_and_counted_by_reason(tmp_path: Path) -> None:
    path = tmp_path / "rejects.jsonl"
    with RejectsFile(path) as rejects:
        rejects.write(reject(1, RejectReason.BROKEN_JSON))
        rejects.write(reject(3))
        rejects.write(reject(5))
    assert rejects.total == 3
    assert rejects.summary() == "2 missing_title, 1 broken_json"
    assert orjson.loads(path.read_bytes().splitlines()[0]) == {
        "line": 1, "reason": "broken_json", "message": "line 1: no title", "raw": '{"id": 1}',
    }  # fmt: skip


def test_a_run_without_rejects_leaves_no_file_not_even_an_old_one(tmp_path: Path) -> None:
    path = tmp_path / "rejects.jsonl"
    path.write_text("old")
    with RejectsFile(path):
        pass
    assert not path.exists()


def test_one_reject_more_than_allowed_ends_the_run(tmp_path: Path) -> None:
    path = tmp_path / "rejects.jsonl"
    rejects = RejectsFile(path, max_rejects=1)
    rejects.write(reject(1))
    with pytest.raises(TooManyRejectsError, match=r"2 rows were set aside.*line 9: no title"):
        rejects.write(reject(9))
    assert len(path.read_bytes().splitlines()) == 2


def test_the_first_messages_are_kept_however_many_rejects_there_are() -> None:
    rejects = RejectsFile(None)
    for line in range(1, 101):
        rejects.write(reject(line))
    assert rejects.first == tuple(f"line {line}: no title" for line in range(1, 6))


def test_without_a_path_rejects_are_only_counted() -> None:
    rejects = RejectsFile(None)
    rejects.write(reject(1))
    assert rejects.counts == {RejectReason.MISSING_TITLE: 1}
