"""Reviewed tags as a file: CSV for a spreadsheet, JSON Lines for programs."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TextIO

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from indexer.enrichment.tag_review import ReviewAction, ReviewedTag
from search_core import TagKind, TagReviewError, phrase_key

COLUMNS = ("product_id", "title", "tag", "kind", "source", "confidence", "action")
_LONGEST_ID_BYTES = 512
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_MOST_PROBLEMS = 5


class _Row(BaseModel):
    """One line, as a person or a spreadsheet wrote it."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    product_id: str = Field(min_length=1)
    tag: str = Field(min_length=1, max_length=80)
    kind: TagKind = TagKind.ALTERNATIVE_NAME
    action: ReviewAction = ReviewAction.KEEP

    @field_validator("product_id")
    @classmethod
    def _short(cls, value: str) -> str:
        if len(value.encode()) > _LONGEST_ID_BYTES:
            raise ValueError(f"no product has an id of more than {_LONGEST_ID_BYTES} bytes")
        return value

    @field_validator("tag")
    @classmethod
    def _searchable(cls, value: str) -> str:
        if not phrase_key(value):
            raise ValueError("there is no letter or digit in it that a search could find")
        return value

    @field_validator("kind", mode="before")
    @classmethod
    def _default_kind(cls, value: object) -> object:
        return value or TagKind.ALTERNATIVE_NAME

    @field_validator("action", mode="before")
    @classmethod
    def _any_case(cls, value: object) -> object:
        return value.strip().lower() if isinstance(value, str) else value or ""


def write_review(stream: TextIO, tags: Iterable[ReviewedTag], *, as_json: bool) -> int:
    """Write tags, one a line.

    Args:
        stream: opened with `newline=""`.
        tags: what is written.
        as_json: JSON Lines; else CSV with a header.

    Returns:
        How many were written.
    """
    count = 0
    writer = csv.writer(stream, lineterminator="\n")
    if not as_json:
        writer.writerow(COLUMNS)
    for tag in tags:
        count += 1
        values = asdict(tag)
        if as_json:
            stream.write(orjson.dumps(values).decode() + "\n")
        else:
            writer.writerow([_plain(values[column]) for column in COLUMNS])
    return count


def read_review(path: Path) -> list[ReviewedTag]:
    """Read reviewed tags: JSON Lines where the file's name ends in `.jsonl`, else CSV.

    Raises:
        TagReviewError: the file cannot be read, or has lines that cannot be used; the first ones
            are named, and nothing is taken in.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise TagReviewError(f"{path} cannot be read: {reason}") from error
    rows = _json_rows(text) if path.suffix == ".jsonl" else _csv_rows(text, path)
    read: list[ReviewedTag] = []
    problems: list[str] = []
    for line, values in rows:
        try:
            row = _Row.model_validate(values)
        except ValidationError as error:
            problems.append(f"line {line}: {_said(error)}")
            continue
        read.append(
            ReviewedTag(product_id=row.product_id, tag=row.tag, kind=row.kind, action=row.action)
        )
    if problems:
        more = len(problems) - _MOST_PROBLEMS
        shown = "; ".join(problems[:_MOST_PROBLEMS]) + (f"; and {more} more" if more > 0 else "")
        raise TagReviewError(
            f"{path}: {shown}",
            remedy="docs/tags.md says what each column may hold; nothing was changed",
        )
    return read


def _csv_rows(text: str, path: Path) -> Iterator[tuple[int, object]]:
    first = text.partition("\n")[0]
    delimiter = max((",", ";", "\t"), key=first.count)
    reader = csv.DictReader(text.splitlines(keepends=True), delimiter=delimiter)
    missing = {"product_id", "tag", "action"} - set(reader.fieldnames or ())
    if missing:
        raise TagReviewError(
            f"{path} has no column {', '.join(sorted(missing))}",
            remedy="`shopkeeper tags review export` writes a file with all of them",
        )
    for values in reader:
        yield reader.line_num, {name: _unquoted(value) for name, value in values.items() if name}


def _json_rows(text: str) -> Iterator[tuple[int, object]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            try:
                yield number, orjson.loads(line)
            except orjson.JSONDecodeError:
                yield number, line


def _plain(value: object) -> object:
    """Keep a spreadsheet from running a text as a formula."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value


def _unquoted(value: object) -> object:
    if isinstance(value, str) and value[:1] == "'" and value[1:].startswith(_FORMULA):
        return value[1:]
    return value


def _said(error: ValidationError) -> str:
    first = error.errors()[0]
    where = ".".join(map(str, first["loc"]))
    return f"{where}: {first['msg']}" if where else str(first["msg"])
