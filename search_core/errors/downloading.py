"""Errors of pinned files from package registries."""

from search_core.errors.root import ShopkeeperError


class ArtifactError(ShopkeeperError):
    """A pinned file from a package registry could not be had."""

    code = "artifact_error"


class DownloadError(ArtifactError):
    """A file could not be fetched, after the retries."""

    code = "download_error"


class ChecksumError(ArtifactError):
    """A fetched file is not the one that was pinned."""

    code = "checksum_error"
