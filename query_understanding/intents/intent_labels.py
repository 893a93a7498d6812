"""Reads a shop's own queries with their intents."""

import csv
from pathlib import Path

from query_understanding.intents.intent import CLASSES, Intent
from search_core import JudgmentsError

_COLUMNS = ("query", "intent")
_MOST_PROBLEMS = 3


def read_intent_labels(path: Path) -> list[tuple[str, Intent]]:
    """Read a CSV file with the columns `query` and `intent`; others are left alone.

    Raises:
        JudgmentsError: there is no such file, no such column, no query, or an intent that is none.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines)
            missing = [name for name in _COLUMNS if name not in (reader.fieldnames or ())]
            rows = [] if missing else list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise JudgmentsError(
            f"{path} cannot be read: {error}", remedy="give a CSV file in UTF-8"
        ) from error
    if missing:
        raise JudgmentsError(
            f"{path} has no column {' and no column '.join(missing)}",
            remedy=f"its first line has to name the columns: {','.join(_COLUMNS)}",
        )
    return _checked(rows, path)


def _checked(rows: list[dict[str, str]], path: Path) -> list[tuple[str, Intent]]:
    labels = []
    problems = []
    names = {intent.value for intent in CLASSES}
    for number, row in enumerate(rows, start=2):
        text, intent = (row["query"] or "").strip(), (row["intent"] or "").strip()
        if not text:
            problems.append(f"row {number} has no query")
        elif intent not in names:
            problems.append(f"row {number}: {intent!r} is no intent")
        else:
            labels.append((text, Intent(intent)))
    if problems:
        raise JudgmentsError(
            f"{path}: {'; '.join(problems[:_MOST_PROBLEMS])}"
            + (
                f"; {len(problems) - _MOST_PROBLEMS} more" if len(problems) > _MOST_PROBLEMS else ""
            ),
            remedy=f"intents are {', '.join(sorted(names))}",
        )
    if not labels:
        raise JudgmentsError(f"{path} has no labelled query", remedy="label some, one a line")
    return labels
