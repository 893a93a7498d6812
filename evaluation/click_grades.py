"""Grades from clicks: how much more a product is chosen for a query than the average one."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from evaluation.click_log import ClickLog
from evaluation.click_models import ClickModel, estimate_lift
from evaluation.click_table import ClickTable
from evaluation.judgments import JudgedQuery, Judgment, Judgments

LIFT_THRESHOLDS = (0.5, 1.0, 2.0)
"""Grade 0: chosen less than half as often as the average showing, position taken out · 1: up to the
average · 2: up to twice the average · 3: twice the average or more."""
LIFT_QUANTILES = (0.25, 0.5, 0.75)
"""Grades 0 to 3 are the quarters of the pairs with enough sessions, by lift."""
MIN_SESSIONS = 10
"""Pairs seen by fewer sessions are left unjudged. With a click rate of 10 %, ten showings leave a
standard error as large as the rate itself; fewer say nothing."""


class GradeScale(StrEnum):
    """How a lift becomes a grade."""

    THRESHOLDS = "thresholds"
    """The same lift has the same grade in every log: see `LIFT_THRESHOLDS`."""
    QUANTILES = "quantiles"
    """Each grade is given to the same number of pairs: see `LIFT_QUANTILES`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClickGrade:
    """The grade of one product for one query, and what it rests on."""

    query: str
    product_id: str
    grade: int
    lift: float
    """Appeal relative to the average showing; 1 is average."""
    sessions: int
    clicks: int
    shown: int


def click_grades(
    table: ClickTable,
    model: ClickModel = ClickModel.POSITION_BASED,
    scale: GradeScale = GradeScale.THRESHOLDS,
    cuts: Sequence[float] | None = None,
    min_sessions: int = MIN_SESSIONS,
) -> tuple[ClickGrade, ...]:
    """Grade every pair that enough sessions were shown.

    Args:
        table: the showings and clicks.
        model: how clicks are explained.
        scale: how lifts become grades.
        cuts: ascending lifts or quantiles at which the next grade begins; `None` takes the scale's
            own. n cuts give the grades 0 to n.
        min_sessions: pairs with fewer are left out.

    Returns:
        By query ascending, then grade and lift descending, then product id ascending.
    """
    lift = estimate_lift(table, model)
    enough = np.flatnonzero(table.sessions >= min_sessions)
    bounds = list(cuts or (LIFT_QUANTILES if scale is GradeScale.QUANTILES else LIFT_THRESHOLDS))
    if scale is GradeScale.QUANTILES and len(enough):
        bounds = np.quantile(lift[enough], bounds).tolist()
    grade = np.searchsorted(bounds, lift, side="right")
    clicks, shown = table.clicks, table.shown
    graded = [
        ClickGrade(
            query=table.pairs[index][0],
            product_id=table.pairs[index][1],
            grade=int(grade[index]),
            lift=float(lift[index]),
            sessions=int(table.sessions[index]),
            clicks=int(clicks[index]),
            shown=int(shown[index]),
        )
        for index in enough
    ]
    return tuple(
        sorted(graded, key=lambda each: (each.query, -each.grade, -each.lift, each.product_id))
    )


def click_judgments(log: ClickLog, grades: Sequence[ClickGrade]) -> Judgments:
    """Return grades as judgments, each query with how often the log has it."""
    searches = Counter(search.query for search in log.searches)
    queries = {
        text: JudgedQuery(text=text, frequency=float(count)) for text, count in searches.items()
    }
    return Judgments.of(
        Judgment(
            query=queries[each.query],
            product_id=each.product_id,
            grade=each.grade,
            sessions=each.sessions,
        )
        for each in grades
    )
