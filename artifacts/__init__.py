"""Pinned files from package registries, checked and kept in one cache folder; tables of caches."""

from artifacts.artifact import Artifact, MavenArtifact, PythonDistribution
from artifacts.artifact_store import ArtifactStore, default_cache_dir
from artifacts.atomic_folder import make_folder_once
from artifacts.disk_space import disk_full_reported, format_bytes, require_free_space
from artifacts.used_entries import WAIT_SECONDS, EntryRow, UsedEntries, entries_schema
from artifacts.zip_archive import unpack_zip

__all__ = [
    "WAIT_SECONDS",
    "Artifact",
    "ArtifactStore",
    "EntryRow",
    "MavenArtifact",
    "PythonDistribution",
    "UsedEntries",
    "default_cache_dir",
    "disk_full_reported",
    "entries_schema",
    "format_bytes",
    "make_folder_once",
    "require_free_space",
    "unpack_zip",
]
