import json
import subprocess

import pytest

from artifacts import MavenArtifact, PythonDistribution
from artifacts.artifact_addresses import addresses_of
from search_core import DownloadError

ENGINE = MavenArtifact(
    group="org.example", artifact="engine", version="3.5.0", packaging="zip", sha256="ab"
)
RUNTIME = PythonDistribution(name="runtime", version="25.0", sha256="ab")


@pytest.fixture
def jgo_settings(tmp_path, monkeypatch):
    """A jgo settings file of the test's own, and an empty local Maven repository."""
    file = tmp_path / "jgo.conf"
    monkeypatch.setenv("JGO_CONFIG_FILE", str(file))
    monkeypatch.setenv("M2_REPO", str(tmp_path / "m2"))
    return file


def test_a_maven_artifact_is_looked_for_in_jgos_default_repository(jgo_settings):
    (address,) = addresses_of(ENGINE)
    assert address.endswith("/org/example/engine/3.5.0/engine-3.5.0.zip")
    assert address.startswith("https://")


def test_a_users_mirror_replaces_the_default_repository(jgo_settings):
    jgo_settings.write_text("[repositories]\ncentral = https://mirror.test/maven/\n")
    assert addresses_of(ENGINE) == (
        "https://mirror.test/maven/org/example/engine/3.5.0/engine-3.5.0.zip",
    )


def test_a_users_further_repository_is_tried_after_the_default_one(jgo_settings):
    jgo_settings.write_text("[repositories]\nown = https://own.test/maven\n")
    addresses = addresses_of(ENGINE)
    assert len(addresses) == 2
    assert addresses[1] == "https://own.test/maven/org/example/engine/3.5.0/engine-3.5.0.zip"


def test_what_maven_has_fetched_already_comes_first(jgo_settings, tmp_path):
    local = tmp_path / "m2" / "org/example/engine/3.5.0/engine-3.5.0.zip"
    local.parent.mkdir(parents=True)
    local.write_bytes(b"zip")
    assert addresses_of(ENGINE)[0] == local.as_uri()


def answer_of_pip(monkeypatch, **answer):
    completed = subprocess.CompletedProcess(args=[], **answer)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: completed)


def test_the_address_of_a_wheel_is_the_one_that_pip_reports(monkeypatch):
    report = {"install": [{"download_info": {"url": "https://index.test/runtime-25.0.whl"}}]}
    answer_of_pip(monkeypatch, returncode=0, stdout=json.dumps(report), stderr="")
    assert addresses_of(RUNTIME) == ("https://index.test/runtime-25.0.whl",)


def test_what_pip_says_when_it_finds_nothing_is_in_the_error(monkeypatch):
    stderr = "ERROR: Could not find a version\nERROR: No matching distribution for runtime==25.0\n"
    answer_of_pip(monkeypatch, returncode=1, stdout="", stderr=stderr)
    with pytest.raises(DownloadError, match=r"No matching distribution for runtime==25\.0"):
        addresses_of(RUNTIME)


@pytest.mark.parametrize("report", ["", "{}", '{"install": []}'])
def test_a_report_without_an_address_is_an_error(monkeypatch, report):
    answer_of_pip(monkeypatch, returncode=0, stdout=report, stderr="")
    with pytest.raises(DownloadError, match="cannot be read"):
        addresses_of(RUNTIME)


def test_a_pip_that_does_not_answer_is_an_error(monkeypatch):
    def hang(*_, **__):
        raise subprocess.TimeoutExpired(cmd="pip", timeout=180)

    monkeypatch.setattr(subprocess, "run", hang)
    with pytest.raises(DownloadError, match="within 180 s"):
        addresses_of(RUNTIME)
