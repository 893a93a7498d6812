import os
import stat
from pathlib import Path

import pytest

from search_core import DiskFullError, LocalStackError, SilentProgress
from search_core.settings import LocalStackSettings
from shopkeeper.local_stack import NodeFolder, default_data_dir


@pytest.fixture
def folder(tmp_path):
    return NodeFolder.of(LocalStackSettings(data_dir=tmp_path))


def test_the_node_has_a_folder_of_its_own_in_the_data_folder(tmp_path, folder):
    assert folder.path == tmp_path.resolve() / "opensearch"


def test_the_data_folder_of_an_ordinary_user_is_the_users_own(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setenv("HOME", "/home/ada")
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    assert default_data_dir().is_relative_to(Path("/home/ada"))


def test_the_data_folder_of_root_is_the_systems(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert default_data_dir() == Path("/var/lib/shopkeeper")


def test_preparing_creates_private_folders_in_a_readable_one(folder):
    folder.prepare(None)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.path.iterdir()}
    folders = {name: mode for name, mode in modes.items() if not name.startswith(".")}
    assert folders == {"config": 0o700, "data": 0o700, "logs": 0o700, "tmp": 0o700}
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o755


def test_preparing_again_keeps_the_data(folder):
    folder.prepare(None)
    (folder.data / "index").write_text("products")
    folder.prepare(None)
    assert (folder.data / "index").read_text() == "products"


def test_a_folder_with_somebody_elses_files_is_not_touched(folder):
    folder.path.mkdir()
    (folder.path / "letter.txt").write_text("dear")
    with pytest.raises(LocalStackError, match="not a local node's"):
        folder.prepare(None)
    with pytest.raises(LocalStackError, match="not a local node's"):
        folder.purge()
    assert [path.name for path in folder.path.iterdir()] == ["letter.txt"]


def test_a_disk_that_is_almost_full_is_refused(folder, monkeypatch):
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 9_000_000})())
    with pytest.raises(DiskFullError, match=r"500\.0 MB .* where 9\.0 MB are free"):
        folder.prepare(None)


def test_a_data_folder_that_cannot_be_made_is_an_error_that_names_it(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    folder = NodeFolder.of(LocalStackSettings(data_dir=tmp_path / "file"))
    with pytest.raises(LocalStackError, match=r"file/opensearch cannot be written"):
        folder.prepare(None)
    with (
        pytest.raises(LocalStackError, match=r"file/opensearch cannot be written"),
        folder.locked(SilentProgress()),
    ):
        pass


def test_a_purge_deletes_all_of_the_folder(folder):
    folder.prepare(None)
    (folder.data / "index").write_text("products")
    folder.purge()
    assert not folder.path.exists()


def test_purging_what_is_not_there_is_fine(folder):
    folder.purge()


def test_the_second_command_waits_for_the_first_and_says_so(folder):
    import threading

    waiting = threading.Event()

    class Listener(SilentProgress):
        def start(self, task: str, total: int | None, unit: str) -> None:
            waiting.set()

    def second() -> None:
        with folder.locked(Listener()):
            order.append("second")

    order: list[str] = []
    with folder.locked(SilentProgress()):
        thread = threading.Thread(target=second)
        thread.start()
        assert waiting.wait(10)
        order.append("first")
    thread.join(10)
    assert order == ["first", "second"]
