"""Which encoding a text file is written in: UTF-8, UTF-16, GB18030 or Windows-1252."""

import codecs
import io
from collections.abc import Iterable
from typing import BinaryIO, cast

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BROKEN_LINES_OF_A_UTF8_FILE = 0.5
"""A UTF-8 file with some damaged lines is still one. Where more of the lines that are not plain
ASCII are damaged than this, it is in another encoding."""


def detect_encoding(head: bytes) -> str:
    """Return the Python name of the encoding, from a file's first bytes.

    A byte-order mark decides. Else: two-byte text shows by its zero bytes, UTF-8 by being valid,
    and Chinese (GB18030) differs from Western (Windows-1252) by its bytes above 127 coming in pairs
    that make common characters.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return encoding
    if (unmarked := _utf16_without_mark(head)) is not None:
        return unmarked
    lines = [line for line in head.split(b"\n") if not line.isascii()]
    if len(lines) > 1:
        lines = lines[:-1] if not head.endswith(b"\n") else lines
    damaged = sum(not _decodes(line, "utf-8") for line in lines)
    if damaged <= _BROKEN_LINES_OF_A_UTF8_FILE * len(lines):
        return "utf-8"
    return "gb18030" if _is_chinese(lines) else "cp1252"


def _utf16_without_mark(head: bytes) -> str | None:
    even, odd = head[:4096:2], head[1:4096:2]
    if len(even) < 2 or not odd:
        return None
    if odd.count(0) > 0.3 * len(odd) and even.count(0) < 0.05 * len(even):
        return "utf-16-le"
    if even.count(0) > 0.3 * len(even) and odd.count(0) < 0.05 * len(odd):
        return "utf-16-be"
    return None


def _decodes(line: bytes, encoding: str) -> bool:
    # A line at the end of the head may be cut inside a character: an incremental decoder waits.
    try:
        codecs.getincrementaldecoder(encoding)().decode(line)
    except UnicodeDecodeError:
        return False
    return True


def _is_chinese(lines: Iterable[bytes]) -> bool:
    common = rare = 0
    for line in lines:
        text = codecs.getincrementaldecoder("gb18030")("replace").decode(line)
        for character in text:
            if character.isascii():
                continue
            # GB2312 holds the 6,763 characters in everyday use. What French or German bytes decode
            # to lies outside of it nearly always.
            if character != "\ufffd" and _encodes(character, "gb2312"):
                common += 1
            else:
                rare += 1
    return common > 4 * rare


def _encodes(character: str, encoding: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


class _Recoded(io.RawIOBase):
    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        super().__init__()
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(encoding)("surrogateescape")
        self._ready = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(cast("bytearray", buffer)).cast("B")
        while not self._ready:
            chunk = self._stream.read(1 << 16)
            text = self._decoder.decode(chunk, final=not chunk)
            self._ready = text.encode("utf-8", "surrogateescape")
            if not chunk:
                break
        size = min(len(view), len(self._ready))
        view[:size] = self._ready[:size]
        self._ready = self._ready[size:]
        return size


def as_utf8(stream: io.BufferedReader, encoding: str) -> io.BufferedReader:
    """Return the same text as UTF-8 without a byte-order mark, converted while it is read.

    Bytes that the encoding does not know stay as they are: invalid UTF-8, found out by the reader.
    """
    if encoding == "utf-8":
        return stream
    return io.BufferedReader(_Recoded(cast("BinaryIO", stream), encoding), 1 << 16)
