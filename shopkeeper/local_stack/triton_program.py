"""The program files of Triton: the real server out of a Python wheel, with a Python of its own.

The wheel is unpacked, not installed, since the server's models need other versions of packages than
this process does (numpy 1: with numpy 2 the model's process dies at its first request).
"""

import json
import platform
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from artifacts import ArtifactStore, PythonDistribution, make_folder_once, unpack_zip
from search_core import ProgressListener, TritonStartError

TRITON_VERSION = "2.51.0"

_PYTRITON = PythonDistribution(
    name="nvidia-pytriton",
    version="0.7.0",
    sha256="21f063ff93bb426d0c06b7a55e7eb9efcfe62c0dddd9a908e9877e18710128df",
)
_MEMBERS = ("pytriton/tritonserver/*", "nvidia_pytriton.libs/*")
_PACKAGES = ("numpy==1.26.4", "onnxruntime==1.32.0", "tokenizers==0.23.3")
# The newest Pythons for which the packages have wheels.
_PYTHONS = ("3.12", "3.11")
_FACTS = (
    "import json, os, sys, sysconfig; v = sysconfig.get_config_vars(); "
    "names = [v.get('INSTSONAME'), v.get('LDLIBRARY')]; "
    "folders = [v.get('LIBDIR'), os.path.join(v.get('LIBDIR') or '', v.get('MULTIARCH') or '')]; "
    "print(json.dumps({'version': '%d.%d' % sys.version_info[:2], 'libraries': [f for f in folders "
    "if f and any(n and '.so' in n and os.path.exists(os.path.join(f, n)) for n in names)]}))"
)
_INSTALL_SECONDS = 600
_LINES_SHOWN = 3
# Changed whenever the way in which the files are put together does.
_LAYOUT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class TritonProgram:
    """What is needed to start the server."""

    server: Path
    """The executable."""
    backends: Path
    """Given as `--backend-directory`."""
    python_bin: Path
    """Goes first in `PATH`: the models' Python is found through it."""
    library_folder: Path
    """Has the shared library of that Python."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Python:
    executable: str
    version: str
    library_folder: Path


def assemble_triton(store: ArtifactStore, progress: ProgressListener) -> TritonProgram:
    """Return Triton's program files, made once in the store's cache folder.

    Raises:
        TritonStartError: it does not run on this machine, or its packages could not be installed.
        ArtifactError: the wheel could not be had or unpacked.
        DiskFullError: there is no room for it.
    """
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        raise TritonStartError(
            f"Triton runs on Linux x86_64 only, not on {platform.system()} {platform.machine()}.",
            remedy="Use the container of compose.yaml, or reranker.kind=onnx without a server.",
        )
    python = _find_python()

    def build(building: Path) -> None:
        unpack_zip(store.fetch(_PYTRITON), building, _MEMBERS)
        home = building / "pytriton" / "tritonserver"
        (home / "bin" / "tritonserver").chmod(0o755)
        stub = home / "python_backend_stubs" / python.version / "triton_python_backend_stub"
        Path(shutil.copy(stub, home / "backends" / "python")).chmod(0o755)
        _make_environment(python, building / "python", progress)

    name = f"triton-{TRITON_VERSION}-{_PYTRITON.sha256[:8]}-{_LAYOUT}-py{python.version}"
    folder = make_folder_once(store.cache_dir / "triton" / name, build)
    home = folder / "pytriton" / "tritonserver"
    return TritonProgram(
        server=home / "bin" / "tritonserver",
        backends=home / "backends",
        python_bin=folder / "python" / "bin",
        library_folder=python.library_folder,
    )


def _find_python() -> _Python:
    found = []
    for candidate in (sys.executable, *(shutil.which(f"python{each}") for each in _PYTHONS)):
        if candidate is None:
            continue
        python = _described(candidate)
        if python is not None:
            return python
        found.append(candidate)
    raise TritonStartError(
        f"Triton's models need a Python {' or '.join(_PYTHONS)} with a shared library, and "
        f"{', '.join(found) or 'no Python'} is none.",
        remedy="Install one (Debian: python3.11 libpython3.11 python3.11-venv), use the container "
        "of compose.yaml, or reranker.kind=onnx without a server.",
    )


def _described(executable: str) -> _Python | None:
    """Return a Python that Triton can use; `None`: it cannot use this one."""
    try:
        answer = subprocess.run(  # noqa: S603 - an interpreter and fixed arguments
            [executable, "-I", "-c", _FACTS], capture_output=True, text=True, check=True, timeout=30
        )
        facts = json.loads(answer.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    if facts["version"] not in _PYTHONS or not facts["libraries"]:
        return None
    return _Python(
        executable=executable,
        version=facts["version"],
        library_folder=Path(facts["libraries"][0]),
    )


def _make_environment(python: _Python, folder: Path, progress: ProgressListener) -> None:
    task = "installing the Python packages of Triton's models"
    progress.start(task, None, "")
    try:
        _run([python.executable, "-I", "-m", "venv", "--without-pip", str(folder)])
        pip = [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python"), "install"]
        options = ["--quiet", "--no-input", "--disable-pip-version-check"]
        _run([*pip, *options, "--only-binary", ":all:", *_PACKAGES])
    finally:
        progress.finish(task)


def _run(command: list[str]) -> None:
    try:
        subprocess.run(  # noqa: S603 - an interpreter, fixed arguments and pinned names
            command, capture_output=True, text=True, check=True, timeout=_INSTALL_SECONDS
        )
    except (OSError, subprocess.SubprocessError) as error:
        output = getattr(error, "stderr", "") or str(error)
        lines = [line.strip() for line in str(output).splitlines() if line.strip()]
        raise TritonStartError(
            f"The Python of Triton's models could not be set up: {' '.join(lines[-_LINES_SHOWN:])}",
            remedy="Check the network and pip's index settings (pip config list); pip and venv "
            "must be installed beside Shopkeeper.",
        ) from error
