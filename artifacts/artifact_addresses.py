"""Where a pinned file can be had: asked of the registries' own clients, never written down here.

jgo knows the Maven repositories (its default one and those of the user's jgo settings), pip the
Python package index (with the user's mirrors, index settings and local folders of wheels).
"""

import json
import logging
import subprocess
import sys
from typing import assert_never

from artifacts.artifact import Artifact, MavenArtifact, PythonDistribution
from search_core import DownloadError

_logger = logging.getLogger(__name__)

# pip answers in seconds; a registry that does not answer makes it retry for about a minute.
_PIP_TIMEOUT_SECONDS = 180
_PIP_LINES_SHOWN = 3


def addresses_of(artifact: Artifact) -> tuple[str, ...]:
    """Return the addresses of a file, in the order in which they are to be tried.

    Raises:
        DownloadError: pip does not find the distribution.
    """
    match artifact:
        case MavenArtifact():
            return _maven_addresses(artifact)
        case PythonDistribution():
            return (_python_address(artifact),)
        case _:
            assert_never(artifact)


def _maven_addresses(artifact: MavenArtifact) -> tuple[str, ...]:
    # jgo takes a third of a second to import, which a warm cache never needs.
    from jgo.config import GlobalSettings  # noqa: PLC0415
    from jgo.maven import MavenContext  # noqa: PLC0415

    settings = GlobalSettings.load()
    context = MavenContext(repo_cache=settings.repo_cache)
    context.remote_repos.update(settings.repositories)
    component = context.project(artifact.group, artifact.artifact).at_version(artifact.version)
    file = component.artifact(packaging=artifact.packaging)
    path = f"{component.path_prefix.as_posix()}/{file.filename}"
    remote = tuple(f"{repo.rstrip('/')}/{path}" for repo in context.remote_repos.values())
    local = file.cached_path
    # What Maven itself has fetched on this machine need not be fetched again.
    return (local.resolve().as_uri(), *remote) if local and local.is_file() else remote


def _python_address(distribution: PythonDistribution) -> str:
    command = [
        *(sys.executable, "-m", "pip", "install", "--dry-run", "--quiet", "--report", "-"),
        *("--no-deps", "--ignore-installed", "--ignore-requires-python", "--no-input"),
        *("--only-binary", ":all:", "--disable-pip-version-check", distribution.coordinates),
    ]
    _logger.info("address_asked_of_pip artifact=%s", distribution.coordinates)
    try:
        answer = subprocess.run(  # noqa: S603 - fixed arguments and a pinned name
            command, capture_output=True, text=True, timeout=_PIP_TIMEOUT_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise DownloadError(
            f"pip did not find out within {_PIP_TIMEOUT_SECONDS} s where "
            f"{distribution.coordinates} can be had.",
            remedy="Check the network and pip's index settings (pip config list).",
        ) from error
    if answer.returncode != 0:
        raise DownloadError(
            f"pip found no wheel of {distribution.coordinates} for this platform: "
            f"{_last_lines(answer.stderr)}",
            remedy="Check the network and pip's index settings (pip config list); "
            "pip must be installed beside Shopkeeper.",
        )
    return _address_in(answer.stdout, distribution)


def _address_in(report: str, distribution: PythonDistribution) -> str:
    try:
        (item,) = json.loads(report)["install"]
        return str(item["download_info"]["url"])
    except (ValueError, KeyError) as error:
        raise DownloadError(
            f"pip's report on {distribution.coordinates} cannot be read: {error!r}.",
            remedy="Upgrade pip beside Shopkeeper: python -m pip install --upgrade pip.",
        ) from error


def _last_lines(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return " ".join(lines[-_PIP_LINES_SHOWN:])
