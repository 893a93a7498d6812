import json
import sys

import pytest

from artifacts import ArtifactStore
from search_core import SilentProgress, TritonStartError
from shopkeeper.local_stack import triton_program
from shopkeeper.local_stack.triton_program import assemble_triton


@pytest.fixture
def store(tmp_path):
    return ArtifactStore(tmp_path)


@pytest.fixture
def interpreter(tmp_path):
    """Makes a Python that says what it was told to about itself."""

    def make(name, version, libraries):
        script = tmp_path / name
        facts = json.dumps({"version": version, "libraries": libraries})
        script.write_text(f"#!/bin/sh\necho '{facts}'\n")
        script.chmod(0o755)
        return str(script)

    return make


@pytest.mark.parametrize("machine", [("Darwin", "arm64"), ("Linux", "aarch64")])
def test_another_platform_is_told_what_to_do_instead(store, monkeypatch, machine):
    monkeypatch.setattr(triton_program.platform, "system", lambda: machine[0])
    monkeypatch.setattr(triton_program.platform, "machine", lambda: machine[1])
    with pytest.raises(TritonStartError, match="runs on Linux x86_64 only") as caught:
        assemble_triton(store, SilentProgress())
    assert "reranker.kind=onnx" in caught.value.remedy


def test_a_python_without_a_shared_library_is_passed_over(monkeypatch, interpreter):
    static = interpreter("static", "3.11", [])
    newer = interpreter("newer", "3.13", ["/lib"])
    usable = interpreter("usable", "3.11", ["/usr/lib", "/lib"])
    monkeypatch.setattr(sys, "executable", static)
    monkeypatch.setattr(
        triton_program.shutil, "which", {"python3.12": newer, "python3.11": usable}.get
    )
    python = triton_program._find_python()
    assert (python.executable, str(python.library_folder)) == (usable, "/usr/lib")


def test_without_a_usable_python_the_ones_that_were_tried_are_named(monkeypatch, interpreter):
    static = interpreter("static", "3.11", [])
    monkeypatch.setattr(sys, "executable", static)
    monkeypatch.setattr(triton_program.shutil, "which", lambda name: None)
    with pytest.raises(TritonStartError, match=f"{static} is none") as caught:
        triton_program._find_python()
    assert "libpython3.11" in caught.value.remedy


def test_a_program_that_is_no_python_is_passed_over(interpreter, tmp_path):
    assert triton_program._described(str(tmp_path / "missing")) is None
    broken = tmp_path / "broken"
    broken.write_text("#!/bin/sh\necho no\n")
    broken.chmod(0o755)
    assert triton_program._described(str(broken)) is None


def test_an_installation_that_fails_quotes_the_last_lines():
    command = [sys.executable, "-c", "import sys; sys.exit('first\\nno such wheel')"]
    with pytest.raises(TritonStartError, match="first no such wheel"):
        triton_program._run(command)
