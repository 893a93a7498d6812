import errno
import stat
from pathlib import Path

import pytest

from artifacts import make_folder_once
from search_core import ArtifactError, DiskFullError


class Builder:
    """Writes one file, and counts how often it was asked to."""

    def __init__(self, text: str = "whole") -> None:
        self.text = text
        self.calls = 0

    def __call__(self, folder: Path) -> None:
        self.calls += 1
        (folder / "file.txt").write_text(self.text)


def test_a_folder_is_built_once(tmp_path):
    build = Builder()
    first = make_folder_once(tmp_path / "x" / "folder", build)
    second = make_folder_once(tmp_path / "x" / "folder", build)
    assert first == second == tmp_path / "x" / "folder"
    assert (first / "file.txt").read_text() == "whole"
    assert build.calls == 1


def test_nothing_is_left_of_a_build_that_failed(tmp_path):
    def fail(folder: Path) -> None:
        (folder / "half").write_text("half")
        raise ArtifactError("the archive is damaged")

    with pytest.raises(ArtifactError, match="damaged"):
        make_folder_once(tmp_path / "folder", fail)
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == []


def test_a_folder_that_lost_a_file_is_built_again(tmp_path):
    build = Builder()
    folder = make_folder_once(tmp_path / "folder", build)
    (folder / "file.txt").unlink()
    make_folder_once(folder, build)
    assert (folder / "file.txt").read_text() == "whole"
    assert build.calls == 2


def test_a_folder_with_a_cut_file_is_built_again(tmp_path):
    build = Builder()
    folder = make_folder_once(tmp_path / "folder", build)
    (folder / "file.txt").write_text("who")
    make_folder_once(folder, build)
    assert (folder / "file.txt").read_text() == "whole"


def test_a_folder_without_a_manifest_is_not_trusted(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "file.txt").write_text("left by something else")
    make_folder_once(folder, Builder())
    assert (folder / "file.txt").read_text() == "whole"


def test_every_account_may_enter_the_folder_whatever_the_umask(tmp_path):
    import os

    before = os.umask(0o077)
    try:
        folder = make_folder_once(tmp_path / "a" / "folder", Builder())
    finally:
        os.umask(before)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o755
    assert stat.S_IMODE(folder.parent.stat().st_mode) == 0o755


def test_a_disk_that_fills_up_while_building_is_reported_as_such(tmp_path):
    def fill_up(folder: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(DiskFullError, match="making folder"):
        make_folder_once(tmp_path / "folder", fill_up)


def test_a_place_that_cannot_be_written_is_an_error_that_names_it(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(ArtifactError, match="cannot be written"):
        make_folder_once(tmp_path / "file" / "folder", Builder())
