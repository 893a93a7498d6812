"""Reads a taxonomy from a file."""

import csv
import gzip
import io
import re
from collections.abc import Iterator
from pathlib import Path

from indexer.taxonomy.taxonomy import Category, Taxonomy
from search_core import TaxonomyError

_GZIP = b"\x1f\x8b"
_STEP = re.compile(r"\s+>(?=\s)")
_WITH_ID = re.compile(r"(?P<id>\S+)\s+:\s+(?P<path>.+)|(?P<number>\d+)\s+-\s+(?P<rest>.+)")
_MOST_CATEGORIES = 100_000
"""Vectors of more take above a gigabyte of memory."""
_REMEDY = (
    "one category a line, as `ID : Department > Category` (Shopify), `NUMBER - Department > "
    "Category` (Google) or `Department > Category`; or CSV with a column `path`, and `id`"
)


def read_taxonomy(path: Path) -> Taxonomy:
    """Read a taxonomy: text or CSV, UTF-8, also with gzip.

    Raises:
        TaxonomyError: the file cannot be read, or has no categories.
    """
    text = _text(path)
    is_csv = ".csv" in path.suffixes[-2:]
    categories = list(_csv_categories(text, path) if is_csv else _line_categories(text, path))
    if not categories:
        raise TaxonomyError(f"{path} has no categories", remedy=_REMEDY)
    if len(categories) > _MOST_CATEGORIES:
        raise TaxonomyError(
            f"{path} has {len(categories):,} categories; {_MOST_CATEGORIES:,} are the most",
            remedy="leave out the lowest level: products are then placed one level higher",
        )
    return Taxonomy(categories)


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
        if content.startswith(_GZIP):
            content = gzip.decompress(content)
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TaxonomyError(f"{path} is not UTF-8: {error}", remedy=_REMEDY) from error
    except (OSError, EOFError) as error:
        raise TaxonomyError(f"{path} cannot be read: {error}") from error


def _line_categories(text: str, file: Path) -> Iterator[Category]:
    for number, line in enumerate(text.splitlines(), start=1):
        content = line.strip()
        if not content or content.startswith("#"):
            continue
        match = _WITH_ID.fullmatch(content)
        if match is None:
            yield _category("", content, file, number)
        else:
            yield _category(
                match["id"] or match["number"], match["path"] or match["rest"], file, number
            )


def _csv_categories(text: str, file: Path) -> Iterator[Category]:
    reader = csv.DictReader(io.StringIO(text, newline=""))
    if "path" not in (reader.fieldnames or ()):
        raise TaxonomyError(f"{file} has no column `path` in its first line", remedy=_REMEDY)
    try:
        for row in reader:
            content = (row["path"] or "").strip()
            if content:
                yield _category((row.get("id") or "").strip(), content, file, reader.line_num)
    except csv.Error as error:
        raise TaxonomyError(f"{file}, line {reader.line_num}: {error}", remedy=_REMEDY) from error


def _category(identifier: str, content: str, file: Path, number: int) -> Category:
    path = tuple(step.strip() for step in _STEP.split(content))
    if not all(path):
        raise TaxonomyError(f"{file}, line {number}: a step of the path is empty", remedy=_REMEDY)
    return Category(id=identifier or " > ".join(path), path=path)
