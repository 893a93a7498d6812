"""Judgments as JSON lines, our own format: all that is known of a judgment in one object."""

import json

from evaluation.judgment_row import JudgmentProblem, JudgmentRow, RowsRead
from evaluation.judgments import Judgments
from evaluation.text_decoding import text_lines

_NEEDED = ("query", "product_id", "grade")


def read_json_lines(text: str) -> RowsRead:
    """Read rows; each line stands for itself."""
    rows: list[JudgmentRow] = []
    problems: list[JudgmentProblem] = []
    for number, line in enumerate(text_lines(text), start=1):
        if not line.strip():
            continue
        found = _row(f"line {number}", line)
        if isinstance(found, JudgmentRow):
            rows.append(found)
        else:
            problems.append(found)
    return RowsRead(rows=tuple(rows), problems=tuple(problems))


def write_json_lines(judgments: Judgments) -> str:
    """Return the judgments, one object a line; what is not known is left out."""
    lines = []
    for each in judgments:
        fields: dict[str, object] = {
            "query": each.query.text,
            "product_id": each.product_id,
            "grade": each.grade,
        }
        if each.query.filters:
            fields["filters"] = list(each.query.filters)
        if each.query.frequency is not None:
            fields["frequency"] = each.query.frequency
        if each.sessions is not None:
            fields["sessions"] = each.sessions
        lines.append(json.dumps(fields, ensure_ascii=False) + "\n")
    return "".join(lines)


def is_json_line(line: str) -> bool:
    """Say whether a line is an object with a query, whatever else it has."""
    try:
        fields = json.loads(line)
    except (json.JSONDecodeError, RecursionError):
        return False
    return isinstance(fields, dict) and "query" in fields


def _row(place: str, line: str) -> JudgmentRow | JudgmentProblem:
    try:
        fields = json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        return JudgmentProblem(place=place, message=f"no JSON: {error}")
    missing = [name for name in _NEEDED if not isinstance(fields, dict) or name not in fields]
    if missing:
        return JudgmentProblem(place=place, message=f"has no {' and no '.join(missing)}")
    filters = fields.get("filters") or []
    if not isinstance(filters, list):
        return JudgmentProblem(place=place, message="`filters` is no list")
    return JudgmentRow(
        place=place,
        query=str(fields["query"]),
        product_id=str(fields["product_id"]),
        grade=str(fields["grade"]),
        filters=tuple(str(each) for each in filters),
        frequency=_text(fields.get("frequency")),
        sessions=_text(fields.get("sessions")),
    )


def _text(value: object) -> str:
    return "" if value is None else str(value)
