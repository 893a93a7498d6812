import zipfile

import pytest

from artifacts import ArtifactStore
from shopkeeper.local_stack.distribution import OPENSEARCH_VERSION, assemble_distribution


class SmallStore(ArtifactStore):
    """Gives out small archives of the same layout as the real ones, and counts them."""

    def __init__(self, cache_dir):
        super().__init__(cache_dir)
        self.fetched: list[str] = []

    def fetch(self, artifact):
        self.fetched.append(artifact.artifact)
        path = self.cache_dir / artifact.file_name
        path.parent.mkdir(parents=True, exist_ok=True)
        if artifact.packaging == "jar":
            path.write_bytes(b"jar")
            return path
        top = f"opensearch-{OPENSEARCH_VERSION}/"
        members = {
            "opensearch": [top + "bin/opensearch", top + "lib/opensearch.jar", top + "plugins/"],
            "opensearch-knn": ["plugin-descriptor.properties", "opensearch-knn.jar"],
        }[artifact.artifact]
        with zipfile.ZipFile(path, "w") as archive:
            for name in members:
                archive.writestr(name, "")
        return path


@pytest.fixture
def store(tmp_path):
    return SmallStore(tmp_path / "cache")


def test_the_plugin_is_put_into_its_own_folder(store):
    home = assemble_distribution(store, with_icu=False)
    assert home.name == f"opensearch-{OPENSEARCH_VERSION}"
    assert (home / "bin" / "opensearch").is_file()
    plugin = home / "plugins" / "opensearch-knn"
    assert {path.name for path in plugin.iterdir()} == {
        "plugin-descriptor.properties",
        "opensearch-knn.jar",
    }


def test_it_is_put_together_once(store):
    first = assemble_distribution(store, with_icu=False)
    assert assemble_distribution(store, with_icu=False) == first
    assert store.fetched == ["opensearch", "opensearch-knn"]


def test_icu_is_added_to_a_folder_of_its_own_for_a_java_without_locale_data(store):
    plain = assemble_distribution(store, with_icu=False)
    with_icu = assemble_distribution(store, with_icu=True)
    assert plain != with_icu
    assert {path.name for path in (with_icu / "lib").glob("icu4j*")} == {
        "icu4j-77.1.jar",
        "icu4j-localespi-77.1.jar",
    }
    assert list((plain / "lib").glob("icu4j*")) == []
