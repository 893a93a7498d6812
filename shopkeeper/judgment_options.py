"""The options by which commands read judgment files."""

import functools
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shopkeeper.console import note

if TYPE_CHECKING:
    from evaluation import JudgmentFile

FORMATS = ("csv", "trec", "workbench", "jsonl")
_SHOWN_PROBLEMS = 10


class JudgmentReader:
    """Reads files as the options say."""

    def __init__(
        self,
        *,
        judgment_format: str | None,
        encoding: str | None,
        grades: tuple[str, ...],
        grade_scale: float | None,
        queries: Path | None,
        skip_problems: bool,
    ) -> None:
        self._skip_problems = skip_problems
        self._format = judgment_format
        self._encoding = encoding
        self._grades = grades
        self._grade_scale = grade_scale
        self._queries = queries

    def query_texts(self) -> Mapping[str, str]:
        """Return the texts of query ids; empty without `--queries`."""
        from evaluation import read_query_texts  # noqa: PLC0415 - loads the measures

        return {} if self._queries is None else read_query_texts(self._queries)

    def read(self, path: Path) -> "JudgmentFile":
        """Read a file, and say where its queries may be ids without texts.

        Problems that are to be skipped are said, and not among its problems any more.

        Raises:
            JudgmentsError: it cannot be read, or has no judgments.
            click.BadParameter: a grade without a number.
        """
        from evaluation import GradeReading, JudgmentFormat, read_judgments  # noqa: PLC0415

        found = read_judgments(
            path,
            format=None if self._format is None else JudgmentFormat(self._format),
            encoding=self._encoding,
            reading=GradeReading(names=_named_grades(self._grades), scale=self._grade_scale),
            query_texts=self.query_texts(),
        )
        if self._queries is None and found.looks_like_ids:
            example = found.judgments.queries[0].text
            note(
                f"the queries of {path} are taken as they stand there, e.g. {example!r}; "
                "--queries FILE gives the texts of ids"
            )
        if not self._skip_problems:
            return found
        for problem in found.problems[:_SHOWN_PROBLEMS]:
            note(f"left out of {path}: {problem}")
        if len(found.problems) > _SHOWN_PROBLEMS:
            note(f"left out of {path}: {len(found.problems) - _SHOWN_PROBLEMS:,} more")
        return replace(found, problems=())


def judgment_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of judgment files to a command, which gets a `JudgmentReader` as `reader`."""

    @click.option(
        "--format",
        "judgment_format",
        type=click.Choice(FORMATS),
        help="Of the judgments.  [default: found out from the content]",
    )
    @click.option("--encoding", metavar="NAME", help="Of the judgments.  [default: found out]")
    @click.option(
        "--grade",
        "grades",
        multiple=True,
        metavar="NAME=GRADE",
        help="A grade that is written as a word, e.g. exact=3; repeatable.",
    )
    @click.option(
        "--grade-scale",
        type=click.FloatRange(min=0, min_open=True),
        metavar="FACTOR",
        help="Multiply grades by this and round: for grades from 0 to 1.",
    )
    @click.option(
        "--queries",
        type=click.Path(path_type=Path, dir_okay=False),
        help="Texts of the query ids in TREC files: id, tab, text.",
    )
    @click.option("--skip-problems", is_flag=True, help="Leave out judgments that cannot be read.")
    @functools.wraps(command)
    def with_reader(
        *args: Any,  # noqa: ANN401 - passed through
        judgment_format: str | None,
        encoding: str | None,
        grades: tuple[str, ...],
        grade_scale: float | None,
        queries: Path | None,
        skip_problems: bool,
        **options: Any,  # noqa: ANN401 - passed through
    ) -> Any:  # noqa: ANN401 - passed through
        reader = JudgmentReader(
            judgment_format=judgment_format,
            encoding=encoding,
            grades=grades,
            grade_scale=grade_scale,
            queries=queries,
            skip_problems=skip_problems,
        )
        return command(*args, reader=reader, **options)

    return with_reader


def _named_grades(grades: tuple[str, ...]) -> dict[str, int]:
    named: dict[str, int] = {}
    for each in grades:
        name, separator, grade = each.rpartition("=")
        if not separator or not name.strip() or not grade.strip().isdigit():
            raise click.BadParameter(f"{each!r} is not NAME=GRADE", param_hint="--grade")
        named[name.strip()] = int(grade)
    return named
