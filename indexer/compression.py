"""Reads gzip and zstd like plain files, and counts the bytes of the file itself."""

import gzip
import io
import zlib
from enum import StrEnum
from typing import Any, BinaryIO, cast

import zstandard

from search_core import CatalogFormatError

_GZIP_MAGIC = b"\x1f\x8b"
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"


class Compression(StrEnum):
    """How a catalogue file is packed."""

    NONE = "none"
    GZIP = "gzip"
    ZSTD = "zstd"


def detect_compression(head: bytes) -> Compression:
    """Tell the compression from a file's first bytes; its name does not matter."""
    if head.startswith(_GZIP_MAGIC):
        return Compression.GZIP
    return Compression.ZSTD if head.startswith(_ZSTD_MAGIC) else Compression.NONE


class CountingStream(io.RawIOBase):
    """Passes bytes on and counts them, for a progress bar over the file as it lies on disk."""

    def __init__(self, stream: BinaryIO, already_read: bytes = b"") -> None:
        super().__init__()
        self._stream = stream
        self._pushed_back = already_read
        self.bytes_read = 0

    def readable(self) -> bool:
        """Say that this can be read."""
        return True

    def readinto(self, buffer: object) -> int:
        """Fill the buffer as far as the next bytes reach."""
        view = memoryview(cast("bytearray", buffer)).cast("B")
        if self._pushed_back:
            chunk, self._pushed_back = (
                self._pushed_back[: len(view)],
                self._pushed_back[len(view) :],
            )
        else:
            chunk = self._stream.read(len(view))
        view[: len(chunk)] = chunk
        self.bytes_read += len(chunk)
        return len(chunk)


class _ZstdStream:
    """Unpacks frame after frame, and notices when the last one is cut short.

    `zstandard`'s own stream reader ends there without a word, and rows would be lost.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._frame = zstandard.ZstdDecompressor().decompressobj()
        self._inside_frame = False
        self._packed = b""
        self._ready = b""

    def read(self, size: int) -> bytes:
        while not self._ready:
            packed = self._packed or self._stream.read(1 << 16)
            self._packed = b""
            if not packed:
                if self._inside_frame:
                    raise EOFError("the last frame is not complete")
                return b""
            self._ready = self._frame.decompress(packed)
            self._inside_frame = not self._frame.eof
            if self._frame.eof:
                self._packed = self._frame.unused_data
                self._frame = zstandard.ZstdDecompressor().decompressobj()
        chunk, self._ready = self._ready[:size], self._ready[size:]
        return chunk


class _NamedErrors(io.RawIOBase):
    """Turns the unpackers' own errors into ours, with the file's name."""

    def __init__(self, stream: BinaryIO, name: str) -> None:
        super().__init__()
        self._stream = stream
        self._name = name

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(cast("bytearray", buffer)).cast("B")
        try:
            chunk = self._stream.read(len(view))
        except (EOFError, zlib.error, gzip.BadGzipFile, zstandard.ZstdError) as error:
            raise CatalogFormatError(
                f"{self._name}: the compressed data are damaged or cut short ({error})",
                remedy="copy or export the file again",
            ) from error
        view[: len(chunk)] = chunk
        return len(chunk)


def decompressed(
    stream: CountingStream, compression: Compression, name: str
) -> "io.BufferedReader[Any]":
    """Return the content, buffered, unpacked while it is read.

    Args:
        stream: the file from its first byte.
        compression: from `detect_compression`.
        name: how errors call the file.

    Raises:
        CatalogFormatError: from the returned stream's reads, when the packed data are damaged.
    """
    buffered = io.BufferedReader(stream, 1 << 18)
    if compression is Compression.NONE:
        return buffered
    unpacked: BinaryIO
    if compression is Compression.GZIP:
        unpacked = cast("BinaryIO", gzip.GzipFile(fileobj=buffered))
    else:
        unpacked = cast("BinaryIO", _ZstdStream(cast("BinaryIO", buffered)))
    return io.BufferedReader(_NamedErrors(unpacked, name), 1 << 18)


def unpack_head(head: bytes, compression: Compression, size: int, name: str) -> bytes:
    """Return the first bytes of the content, from the first bytes of a file, which may be cut.

    Raises:
        CatalogFormatError: not one byte of it can be unpacked.
    """
    content = decompressed(CountingStream(io.BytesIO(head)), compression, name)
    found = bytearray()
    while len(found) < size:
        try:
            chunk = content.read1(1 << 14)
        except CatalogFormatError:
            if not found:
                raise
            break
        if not chunk:
            break
        found += chunk
    return bytes(found)
