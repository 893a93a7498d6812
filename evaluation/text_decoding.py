"""Text files as people's spreadsheets write them: UTF-8, UTF-16, GB18030 or Windows-1252."""

import codecs
import gzip
import re
import zlib
from pathlib import Path

from charset_normalizer import from_bytes

from search_core import EvaluationError, JudgmentsError, RunFileError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_GZIP = b"\x1f\x8b"
_LINE_END = re.compile(r"\r\n|\r|\n")
_DAMAGED_SHARE = 0.5
"""A UTF-8 file with some damaged lines is still one; with more than this it is something else."""


def read_text(
    path: Path,
    encoding: str | None = None,
    error: type[JudgmentsError] | type[RunFileError] = JudgmentsError,
) -> str:
    """Read a text file, gzipped or not.

    Args:
        path: the file.
        encoding: Python's name of it; `None`: found out. Bytes that it does not have become U+FFFD.
        error: what is raised when there is nothing to read.

    Raises:
        EvaluationError: of the given class: there is no such file or encoding, or the file is
            damaged as a whole.
    """
    try:
        data = path.read_bytes()
        if data.startswith(_GZIP):
            data = gzip.decompress(data)
        return data.decode(encoding or detect_encoding(data), "replace")
    except OSError as cause:
        raise error(f"{path} cannot be read: {cause.strerror or cause}") from cause
    except (EOFError, zlib.error) as cause:
        raise error(f"{path} cannot be unpacked: {cause}") from cause
    except LookupError as cause:
        raise error(
            f"there is no encoding {encoding!r}", remedy="use utf-8, utf-16, gb18030 or cp1252"
        ) from cause


def detect_encoding(data: bytes) -> str:
    """Return the Python name of the encoding of a text.

    A byte-order mark decides; two-byte text shows by its zero bytes, UTF-8 by being valid; Chinese
    and Western text are told apart by what they would say.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding
    even, odd = data[:4096:2].count(0), data[1:4096:2].count(0)
    if max(even, odd) > len(data[:4096]) / 8 and len(data) % 2 == 0:
        return "utf-16-le" if odd > even else "utf-16-be"
    lines = [line for line in data.splitlines() if not line.isascii()]
    damaged = sum(not _is_utf8(line) for line in lines)
    if damaged <= _DAMAGED_SHARE * len(lines):
        return "utf-8"
    # Only what is not ASCII says anything, and a few thousand such lines say enough.
    best = from_bytes(b"\n".join(lines[:2000]), cp_isolation=["gb18030", "cp1252"]).best()
    return "cp1252" if best is None else best.encoding


def text_lines(text: str) -> list[str]:
    """Split into lines at line ends only, not at the other separators of Unicode."""
    lines = _LINE_END.split(text)
    return lines[:-1] if lines[-1] == "" else lines


def write_text(path: Path, text: str) -> None:
    """Write a UTF-8 file.

    Raises:
        EvaluationError: it cannot be written.
    """
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as cause:
        raise EvaluationError(f"{path} cannot be written: {cause.strerror}") from cause


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
