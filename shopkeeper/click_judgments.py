"""Judgments from shoppers' clicks, as commands that learn from both take them."""

from collections.abc import Sequence
from pathlib import Path

from evaluation import Judgments, click_grades, click_judgments, click_table, read_click_log
from search_core import JudgmentsError, ProgressListener


def judgments_from_clicks(events: Sequence[Path], progress: ProgressListener) -> Judgments:
    """Grade products by their clicks, as `shopkeeper judgments from-events` does by default.

    Args:
        events: UBI queries and events, JSON lines.
        progress: told of the lines read.

    Raises:
        JudgmentsError: a file cannot be read, or no product was shown often enough to be graded.
    """
    log = read_click_log(events, progress=progress)
    judgments = click_judgments(log, click_grades(click_table(log.searches)))
    if not len(judgments):
        named = ", ".join(map(str, events))
        raise JudgmentsError(
            f"no product in {named} was shown to enough sessions for the same query",
            remedy="give a longer log, or have `shopkeeper judgments from-events --min-sessions` "
            "take fewer and give what it writes with --judgments",
        )
    return judgments
