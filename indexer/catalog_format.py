"""Which format a catalogue file has: by its content first, then by its name."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath

import orjson

from indexer.csv_dialect import sniff_delimiter
from indexer.json_array_rows import array_prefix
from indexer.text_encoding import detect_encoding
from search_core import CatalogFormatError

_READ = "JSON Lines, a JSON array, CSV, TSV or Parquet, each also gzip or zstd"
_FOREIGN = (
    (b"PK\x03\x04", "a ZIP archive or an Excel workbook", "unpack it, or save the sheet as CSV"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook", "save the sheet as CSV"),
    (b"%PDF", "a PDF", f"export the catalogue as {_READ}"),
    (b"BZh", "packed with bzip2", "unpack it, or pack it with gzip or zstd"),
    (b"\xfd7zXZ", "packed with xz", "unpack it, or pack it with gzip or zstd"),
)
_LINES_LOOKED_AT = 20


class CatalogFormat(StrEnum):
    """How the rows of a catalogue are written down."""

    JSON_LINES = "json_lines"
    JSON_ARRAY = "json_array"
    DELIMITED = "delimited"
    PARQUET = "parquet"


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectedFormat:
    """A format and what is needed to read it."""

    format: CatalogFormat
    encoding: str = "utf-8"
    delimiter: str | None = None
    """Of a delimited file."""
    array_prefix: str | None = None
    """Of a JSON array: where it lies, as an ijson prefix."""


def detect_format(head: bytes, name: str) -> DetectedFormat:
    """Tell the format from a file's beginning.

    Args:
        head: the first bytes, decompressed; the more, the surer.
        name: decides where the content could be two things, and is how errors call the file.

    Raises:
        CatalogFormatError: an empty file, or a format that is not read; says which and what to do.
    """
    if head.startswith(b"PAR1"):
        return DetectedFormat(format=CatalogFormat.PARQUET)
    for magic, what, remedy in _FOREIGN:
        if head.startswith(magic):
            raise CatalogFormatError(f"{name} is {what}, which is not read", remedy=remedy)
    encoding = detect_encoding(head)
    text = head.decode(encoding, "replace").lstrip("\ufeff").lstrip()
    if not text:
        raise CatalogFormatError(f"{name} is empty", remedy="export the catalogue again")
    if "\x00" in text[:4096] and text[:4096].count("\x00") > 40:
        raise CatalogFormatError(f"{name} is a binary file", remedy=f"what is read: {_READ}")
    return _text_format(text, encoding, name)


def _text_format(text: str, encoding: str, name: str) -> DetectedFormat:
    suffixes = {suffix.lower() for suffix in PurePath(name).suffixes}
    if text[0] == "[" and (prefix := array_prefix(text.encode("utf-8", "replace"))):
        return DetectedFormat(
            format=CatalogFormat.JSON_ARRAY, encoding=encoding, array_prefix=prefix
        )
    objects, lines = _object_lines(text)
    says_lines = bool(suffixes & {".jsonl", ".ndjson", ".jl"})
    if text[0] == "{" and not (says_lines and objects) and 2 * objects < lines + (lines == 1) * 2:
        prefix = array_prefix(text.encode("utf-8", "replace"))
        if prefix is not None and _is_container(prefix, objects, lines):
            return DetectedFormat(
                format=CatalogFormat.JSON_ARRAY, encoding=encoding, array_prefix=prefix
            )
    if objects and (says_lines or text[0] == "{" or 2 * objects >= lines):
        return DetectedFormat(format=CatalogFormat.JSON_LINES, encoding=encoding)
    if says_lines:
        raise CatalogFormatError(
            f"{name} is called JSON Lines, but none of its first {lines} lines is a JSON object",
            remedy=f"what is read: {_READ}",
        )
    return _delimited(text, encoding, name, suffixes)


def _object_lines(text: str) -> tuple[int, int]:
    """Count, among the first lines that are not empty, those that are JSON objects, and all."""
    objects = lines = 0
    for line in text.split("\n", _LINES_LOOKED_AT * 2)[: _LINES_LOOKED_AT * 2]:
        if not line.strip():
            continue
        lines += 1
        if line.lstrip().startswith("{"):
            try:
                objects += isinstance(orjson.loads(line.encode("utf-8", "replace")), dict)
            except orjson.JSONDecodeError:
                # A last line cut off by the end of the head is an object all the same.
                objects += lines > 1 and text.endswith(line)
        if lines >= _LINES_LOOKED_AT:
            break
    return objects, lines


_CONTAINER_NAMES = frozenset(
    [
        "products", "items", "data", "rows", "results", "result", "catalog", "catalogue", "hits",
        "docs", "documents", "entries", "records", "goods", "articles", "list", "response", "feed",
        "offers", "listings", "inventory", "productos", "produits", "produkte",
    ]
)  # fmt: skip


def _is_container(prefix: str, objects: int, lines: int) -> bool:
    """Tell `{"products": [{…}, …]}` from one product with a list of variants."""
    if objects == 1 and lines == 1:
        return prefix.split(".", maxsplit=1)[0].casefold() in _CONTAINER_NAMES
    return True


def _delimited(text: str, encoding: str, name: str, suffixes: set[str]) -> DetectedFormat:
    if text[0] in "{[":
        raise CatalogFormatError(
            f"{name} begins like JSON, but holds neither one object a line nor a list of objects",
            remedy=f"what is read: {_READ}",
        )
    if text[0] == "<":
        raise CatalogFormatError(
            f"{name} is XML or HTML, which is not read", remedy=f"what is read: {_READ}"
        )
    delimiter = sniff_delimiter(text)
    if delimiter is None:
        if not suffixes & {".csv", ".tsv", ".txt", ".tab"}:
            raise CatalogFormatError(
                f"{name} is in no format that is read", remedy=f"what is read: {_READ}"
            )
        delimiter = "\t" if suffixes & {".tsv", ".tab"} else ","
    return DetectedFormat(format=CatalogFormat.DELIMITED, encoding=encoding, delimiter=delimiter)
