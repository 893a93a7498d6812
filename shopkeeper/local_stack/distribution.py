"""The program files of the node, put together from pinned artefacts."""

import shutil
from pathlib import Path

from artifacts import ArtifactStore, MavenArtifact, make_folder_once, unpack_zip

OPENSEARCH_VERSION = "3.5.0"

# Named after what OpenSearch's own plugins are tested with, it is the whole minimal distribution.
_OPENSEARCH = MavenArtifact(
    group="org.opensearch.distribution.integ-test-zip",
    artifact="opensearch",
    version=OPENSEARCH_VERSION,
    packaging="zip",
    sha256="b676ad392c95a94d8d2bd8785b8b922c7811536daf6a9ec0c7277a34bd8a17a9",
)
_KNN_PLUGIN = MavenArtifact(
    group="org.opensearch.plugin",
    artifact="opensearch-knn",
    version=f"{OPENSEARCH_VERSION}.0",
    packaging="zip",
    sha256="99fdf3ac9ef95974e276298b83a58532bf21ba13bd5fd96a4b59465b7e613309",
)
# Break iterators for a Java without Thai: OpenSearch looks for such providers on its class path.
_ICU = (
    MavenArtifact(
        group="com.ibm.icu",
        artifact="icu4j",
        version="77.1",
        sha256="b3640b9f416a4411fd33c59abbeea8fd57d024c23e1819bf9673220a97499fe3",
    ),
    MavenArtifact(
        group="com.ibm.icu",
        artifact="icu4j-localespi",
        version="77.1",
        sha256="77d0da4f10c6158174cc3dafbb51356031a09e0fcaaf0432330afb4fb552cac9",
    ),
)
# Changed whenever the way in which the files are put together does.
_LAYOUT = 1


def assemble_distribution(store: ArtifactStore, *, with_icu: bool) -> Path:
    """Return the folder of OpenSearch with k-NN, made once in the store's cache folder.

    The node only reads it, so several nodes may run from it.

    Args:
        store: where the artefacts are kept.
        with_icu: add ICU's locale data, for a Java that has none.

    Raises:
        ArtifactError: an artefact could not be had or unpacked.
        DiskFullError: there is no room for it.
    """
    flavour = "-icu" if with_icu else ""
    name = f"opensearch-{OPENSEARCH_VERSION}-{_OPENSEARCH.sha256[:8]}-{_LAYOUT}{flavour}"

    def build(building: Path) -> None:
        unpack_zip(store.fetch(_OPENSEARCH), building)
        home = building / f"opensearch-{OPENSEARCH_VERSION}"
        plugin = home / "plugins" / "opensearch-knn"
        plugin.mkdir(parents=True)
        plugin.parent.chmod(0o755)
        plugin.chmod(0o755)
        unpack_zip(store.fetch(_KNN_PLUGIN), plugin)
        if with_icu:
            for artifact in _ICU:
                jar = Path(shutil.copy(store.fetch(artifact), home / "lib"))
                jar.chmod(0o644)

    folder = make_folder_once(store.cache_dir / "opensearch" / name, build)
    return folder / f"opensearch-{OPENSEARCH_VERSION}"
