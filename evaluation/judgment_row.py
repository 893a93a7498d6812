"""A judgment as a file has it, before its grade is understood."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgmentProblem:
    """Something in a judgment file that cannot be used."""

    place: str
    """`line 12`, or `judgmentRatings[3].ratings[0]`."""
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgmentRow:
    """The texts of one judgment."""

    place: str
    query: str
    product_id: str
    grade: str
    filters: tuple[str, ...] = ()
    frequency: str = ""
    sessions: str = ""
    is_query_id: bool = False
    """`query` is an id, which may stand for a query's text elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsRead:
    """What a reader of one format found."""

    rows: tuple[JudgmentRow, ...] = ()
    problems: tuple[JudgmentProblem, ...] = ()
