from pathlib import Path

import pytest

from indexer.delta.feed_position import FeedPosition, read_checkpoint, write_checkpoint
from search_core import ConfigurationError


def test_a_position_is_found_again_and_replaced(tmp_path: Path) -> None:
    path = tmp_path / "feed.position"
    assert read_checkpoint(path) == 0
    for line in (3, 12):
        write_checkpoint(path, FeedPosition(line=line, upserted=2))
        assert read_checkpoint(path) == line
    assert [each.name for each in tmp_path.iterdir()] == ["feed.position"]


@pytest.mark.parametrize("content", [b"", b"[]", b'{"line": "soon"}', b'{"row": 3}', b"\xff"])
def test_a_file_that_is_no_position_is_not_taken_for_the_start(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "feed.position"
    path.write_bytes(content)
    with pytest.raises(ConfigurationError, match="does not say how far") as refused:
        read_checkpoint(path)
    assert "delete it" in str(refused.value.remedy)


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="nowhere"):
        write_checkpoint(tmp_path / "nowhere" / "feed.position", FeedPosition(line=1))
