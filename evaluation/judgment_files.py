"""Judgment files: their format is found out, every line that can be used is, the rest is named."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from evaluation.judgment_csv import csv_columns, headless_delimiter, read_csv, write_csv
from evaluation.judgment_grades import GradeReading, JudgmentCollector
from evaluation.judgment_json_lines import is_json_line, read_json_lines, write_json_lines
from evaluation.judgment_row import JudgmentProblem
from evaluation.judgment_trec import is_trec_line, read_trec, write_trec
from evaluation.judgment_workbench import read_workbench, write_workbench
from evaluation.judgments import Judgments
from evaluation.text_decoding import read_text, text_lines, write_text
from search_core import JudgmentsError

_SHOWN_PROBLEMS = 5


class JudgmentFormat(StrEnum):
    """How judgments are written."""

    CSV = "csv"
    """`query,docid,rating`: Quepid, RRE, spreadsheets."""
    TREC = "trec"
    """Qrels: `query-id 0 product-id grade`."""
    WORKBENCH = "workbench"
    """JSON of OpenSearch's Search Relevance Workbench."""
    JSON_LINES = "jsonl"
    """Our own: all that is known."""


_READERS = {
    JudgmentFormat.CSV: read_csv,
    JudgmentFormat.TREC: read_trec,
    JudgmentFormat.WORKBENCH: read_workbench,
    JudgmentFormat.JSON_LINES: read_json_lines,
}
_ENDINGS = {
    ".csv": JudgmentFormat.CSV,
    ".tsv": JudgmentFormat.CSV,
    ".qrels": JudgmentFormat.TREC,
    ".qrel": JudgmentFormat.TREC,
    ".trec": JudgmentFormat.TREC,
    ".json": JudgmentFormat.WORKBENCH,
    ".jsonl": JudgmentFormat.JSON_LINES,
    ".ndjson": JudgmentFormat.JSON_LINES,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgmentFile:
    """What was found in a judgment file."""

    path: Path
    format: JudgmentFormat
    judgments: Judgments
    problems: tuple[JudgmentProblem, ...]
    """Lines that are in `judgments` not or not in full."""
    repeated: int
    """Lines that say what another line has said."""

    def checked(self) -> Judgments:
        """Return the judgments of a file without problems.

        Raises:
            JudgmentsError: there are some; the message names the first.
        """
        if self.problems:
            shown = "\n  ".join(str(each) for each in self.problems[:_SHOWN_PROBLEMS])
            more = len(self.problems) - _SHOWN_PROBLEMS
            rest = f"\n  and {more} more" if more > 0 else ""
            lines = "1 line" if len(self.problems) == 1 else f"{len(self.problems):,} lines"
            raise JudgmentsError(
                f"{self.path} has {lines} that cannot be used:\n  {shown}{rest}",
                remedy="mend them; the first line names the columns (query,docid,rating), --grade "
                "NAME=GRADE names a grade, --grade-scale makes fractions whole numbers, "
                "--skip-problems leaves such lines out (docs/evaluation.md)",
            )
        return self.judgments

    @property
    def looks_like_ids(self) -> bool:
        """Whether the queries may be ids whose texts are missing, and would be searched for."""
        texts = [query.text for query in self.judgments.queries]
        return self.format is JudgmentFormat.TREC and not any(
            " " in text or not text.isascii() for text in texts
        )


def read_judgments(
    path: Path,
    *,
    format: JudgmentFormat | None = None,  # noqa: A002 - the word of the command line
    encoding: str | None = None,
    reading: GradeReading | None = None,
    query_texts: Mapping[str, str] | None = None,
) -> JudgmentFile:
    """Read a judgment file.

    Args:
        path: the file, gzipped or not.
        format: `None`: found out from the content.
        encoding: Python's name; `None`: found out.
        reading: how grades are written; `None`: as whole numbers.
        query_texts: texts of the query ids of TREC qrels; an id without one is the text itself.

    Raises:
        JudgmentsError: there is no such file, its format is none that is known, or it has no
            judgment at all.
    """
    text = read_text(path, encoding)
    if not text.strip():
        raise JudgmentsError(f"{path} is empty", remedy="give a file with judgments")
    known = format or detect_format(path, text)
    read = _READERS[known](text)
    collector = JudgmentCollector(reading or GradeReading(), query_texts or {})
    for row in read.rows:
        collector.take(row)
    judgments, problems, repeated = collector.result()
    found = JudgmentFile(
        path=path,
        format=known,
        judgments=judgments,
        problems=(*read.problems, *problems),
        repeated=repeated,
    )
    if not judgments.queries:
        found.checked()
        raise JudgmentsError(
            f"{path} has no judgments",
            remedy="a judgment is a line such as `red dress,SKU-1,3` (docs/evaluation.md)",
        )
    return found


def detect_format(path: Path, text: str) -> JudgmentFormat:
    """Return the format of a file, from its content and, where that leaves a choice, its name.

    Raises:
        JudgmentsError: it is none that is known.
    """
    lines = [line for line in text_lines(text) if line.strip()]
    first = lines[0] if lines else ""
    if any(is_json_line(line) for line in lines[:_SHOWN_PROBLEMS]):
        return JudgmentFormat.JSON_LINES
    if first.lstrip().startswith(("{", "[")):
        return _ENDINGS.get(_ending(path), JudgmentFormat.WORKBENCH)
    if csv_columns(first):
        return JudgmentFormat.CSV
    if any(is_trec_line(line) for line in lines[:_SHOWN_PROBLEMS]):
        return JudgmentFormat.TREC
    if headless_delimiter(first):
        return JudgmentFormat.CSV
    if _ending(path) in _ENDINGS:
        return _ENDINGS[_ending(path)]
    raise JudgmentsError(
        f"{path} is in no format of judgments that is read; its first line is {first[:80]!r}",
        remedy="a CSV file begins with `query,docid,rating`; --format names another",
    )


def write_judgments(
    judgments: Judgments,
    path: Path,
    format: JudgmentFormat | None = None,  # noqa: A002 - as above
) -> JudgmentFormat:
    """Write a judgment file.

    Args:
        judgments: what is written.
        path: the file; it is replaced.
        format: `None`: as the file's name ends.

    Raises:
        JudgmentsError: the ending stands for no format.
        EvaluationError: the file cannot be written.
    """
    chosen = format or _ENDINGS.get(_ending(path))
    if chosen is None:
        raise JudgmentsError(
            f"{path.name} does not say in which format to write",
            remedy=f"end it with {', '.join(_ENDINGS)}, or give --format",
        )
    write_text(path, judgments_text(judgments, chosen, name=path.stem))
    return chosen


def judgments_text(judgments: Judgments, format: JudgmentFormat, name: str) -> str:  # noqa: A002
    """Return judgments as a file's text.

    Args:
        judgments: what is written.
        format: how.
        name: of the list, for the format that has one.
    """
    if format is JudgmentFormat.CSV:
        return write_csv(judgments)
    if format is JudgmentFormat.TREC:
        return write_trec(judgments)
    if format is JudgmentFormat.WORKBENCH:
        return write_workbench(judgments, name)
    return write_json_lines(judgments)


def read_query_texts(path: Path, encoding: str | None = None) -> Mapping[str, str]:
    """Read the texts of query ids: `id<TAB>text` a line.

    Raises:
        JudgmentsError: there is no such file, or a line without a tab.
    """
    texts: dict[str, str] = {}
    for number, line in enumerate(text_lines(read_text(path, encoding)), start=1):
        if not line.strip():
            continue
        query_id, tab, text = line.partition("\t")
        if not tab:
            raise JudgmentsError(
                f"{path}, line {number}: no tab between the query's id and its text",
                remedy="write a query a line: id, tab, text",
            )
        texts[query_id.strip()] = text.strip()
    return texts


def _ending(path: Path) -> str:
    return Path(path.name.removesuffix(".gz")).suffix.lower()
