"""From a file's texts to judgments: grades, queries, and what contradicts itself."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from evaluation.judgment_row import JudgmentProblem, JudgmentRow
from evaluation.judgments import JudgedQuery, Judgment, Judgments

HIGHEST_GRADE = 1000
"""Grades are gains: a larger one is an id in the wrong column."""
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_DECIMAL_COMMA = re.compile(r"(\d+),(\d{1,2})")
"""With three digits behind it could part thousands."""
_DAMAGED = "\ufffd"


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeReading:
    """How grades are written in a file."""

    names: Mapping[str, int] = field(default_factory=dict)
    """Grades with a name: `Exact` → 3. Case does not count."""
    scale: float | None = None
    """Numbers are multiplied by it and rounded: for grades between 0 and 1. `None`: they have to be
    whole numbers."""

    def grade(self, text: str) -> int | None:
        """Return a grade, or `None` when the text is none."""
        named = {name.casefold(): grade for name, grade in self.names.items()}
        if text.casefold() in named:
            return named[text.casefold()]
        number = _float(text)
        if self.scale is not None and math.isfinite(number):
            number = float(round(number * self.scale)) if number >= 0 else number
        if not 0 <= number <= HIGHEST_GRADE or number != int(number):
            return None
        return int(number)


class JudgmentCollector:
    """Takes rows one by one; what it cannot take becomes a problem, and nothing else is lost."""

    def __init__(self, reading: GradeReading, query_texts: Mapping[str, str]) -> None:
        """Start empty.

        Args:
            reading: how grades are written.
            query_texts: the texts of queries that rows name by id.
        """
        self._reading = reading
        self._query_texts = query_texts
        self._places: dict[tuple[str, str], tuple[str, int]] = {}
        self._judgments: list[Judgment] = []
        self._problems: list[JudgmentProblem] = []
        self._repeated = 0

    def take(self, row: JudgmentRow) -> None:
        """Add one row."""
        query = self._query(row)
        product_id = row.product_id.strip()
        grade = self._reading.grade(row.grade.strip())
        reason = _unusable(query, product_id, grade, row)
        if reason or grade is None:
            self._problem(row, reason)
            return
        pair = (query.key, product_id)
        place, known = self._places.setdefault(pair, (row.place, grade))
        if place == row.place:
            sessions = _number(row.sessions)
            self._judgments.append(
                Judgment(
                    query=query,
                    product_id=product_id,
                    grade=grade,
                    sessions=None if sessions is None else int(sessions),
                )
            )
        elif known == grade:
            self._repeated += 1
        else:
            self._problem(
                row,
                f"grade {grade} for {product_id} and {query.text!r}, but {place} says {known}",
            )

    def result(self) -> tuple[Judgments, Sequence[JudgmentProblem], int]:
        """Return the judgments, the problems, and how many rows repeat another."""
        return Judgments.of(self._judgments), tuple(self._problems), self._repeated

    def _problem(self, row: JudgmentRow, message: str) -> None:
        self._problems.append(JudgmentProblem(place=row.place, message=message))

    def _query(self, row: JudgmentRow) -> JudgedQuery:
        text = self._query_texts.get(row.query) if row.is_query_id else row.query
        query = (
            JudgedQuery.from_key(row.query)
            if text is None
            else JudgedQuery(text=text, filters=row.filters)
        )
        frequency = _number(row.frequency)
        if row.frequency.strip() and frequency is None:
            self._problem(row, f"{row.frequency!r} is no frequency, and was taken as not known")
        return JudgedQuery(
            text=_single_spaced(query.text),
            filters=tuple(filter(None, map(_single_spaced, query.filters))),
            frequency=frequency,
        )


def _unusable(query: JudgedQuery, product_id: str, grade: int | None, row: JudgmentRow) -> str:
    if not query.text and not query.filters:
        return "no query"
    if not product_id:
        return "no product id"
    if any(map(_is_damaged, (query.text, product_id, *query.filters))):
        return "characters that are not of the file's encoding (--encoding names another)"
    if grade is None:
        if math.isnan(_float(row.grade)):
            return f"unknown grade {row.grade!r}"
        return f"grade {row.grade!r} is no whole number from 0 to {HIGHEST_GRADE:,}"
    return ""


def _float(text: str) -> float:
    """Return a number; not a number where the text is none."""
    written = _DECIMAL_COMMA.sub(r"\1.\2", text) if _DECIMAL_COMMA.fullmatch(text) else text
    return float(written) if _NUMBER.fullmatch(written) else math.nan


def _is_damaged(text: str) -> bool:
    # JSON can name halves of characters, which nothing else can write.
    return _DAMAGED in text or any("\ud800" <= character <= "\udfff" for character in text)


def _single_spaced(text: str) -> str:
    return " ".join(text.split())


def _number(text: str) -> float | None:
    if not _NUMBER.fullmatch(text.strip()):
        return None
    number = float(text)
    return number if 0 <= number < math.inf else None
