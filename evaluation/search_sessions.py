"""What shoppers typed one after the other, from UBI logs: searches that found nothing too."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from evaluation.ubi_events import CLICK_ACTIONS, event_lines, normalised_query
from search_core import EventLogError

_PAUSE = timedelta(minutes=10)
"""After a longer pause a shopper is after something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionSearch:
    """One search of one shopper."""

    session: str
    """The shopper, with the number of the session: a pause of ten minutes begins another."""
    query: str
    """In lower case, with single spaces."""
    clicked: bool
    """Whether any product of its result was chosen."""


@dataclass(slots=True)
class _Search:
    shopper: str = ""
    query: str = ""
    at: datetime | None = None
    clicked: bool = False


@dataclass(slots=True)
class _Log:
    searches: dict[str, _Search] = field(default_factory=dict)

    def add(self, document: Mapping[str, Any]) -> None:
        query_id = document.get("query_id")
        if not isinstance(query_id, str | int):
            return
        search = self.searches.setdefault(str(query_id), _Search())
        search.shopper = search.shopper or _text(document, "client_id", "session_id")
        search.query = search.query or normalised_query(_text(document, "user_query"))
        action = document.get("action_name")
        if action is None:
            search.at = _moment(document.get("timestamp")) or search.at
        elif action in CLICK_ACTIONS:
            search.clicked = True


def read_search_sessions(paths: Sequence[Path]) -> tuple[SessionSearch, ...]:
    """Read `ubi_queries` and `ubi_events` from JSON lines, in any order.

    Searches without a text, a shopper or a time are left out: nobody knows what came before them.

    Args:
        paths: `.ndjson` or `.ndjson.gz`.

    Returns:
        Each session's searches in the order in which they were made.

    Raises:
        EventLogError: a file cannot be read, or there are no such searches.
    """
    log = _Log()
    for path in paths:
        for line in event_lines(path):
            document = _document(line)
            if document is not None:
                log.add(document)
    known = [each for each in log.searches.values() if each.shopper and each.query and each.at]
    if not known:
        names = ", ".join(str(path) for path in paths)
        raise EventLogError(
            f"{names}: no search has a text, a client_id and a timestamp",
            remedy="export ubi_queries as well as ubi_events",
        )
    return tuple(_in_sessions(known))


def _in_sessions(searches: Sequence[_Search]) -> list[SessionSearch]:
    ordered = sorted(searches, key=lambda each: (each.shopper, each.at or _LONG_AGO))
    found: list[SessionSearch] = []
    number = 0
    last = _Search()
    for each in ordered:
        if each.shopper != last.shopper:
            number = 1
        elif (each.at or _LONG_AGO) - (last.at or _LONG_AGO) > _PAUSE:
            number += 1
        last = each
        session = f"{each.shopper}#{number}"
        found.append(SessionSearch(session=session, query=each.query, clicked=each.clicked))
    return found


_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def _document(line: bytes) -> Mapping[str, Any] | None:
    try:
        document = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def _text(document: Mapping[str, Any], *names: str) -> str:
    for name in names:
        value = document.get(name)
        if isinstance(value, str | int) and str(value).strip():
            return str(value).strip()
    return ""


def _moment(value: object) -> datetime | None:
    """Return a time written in ISO 8601 or in milliseconds since 1970; `None`: it is neither."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _LONG_AGO + timedelta(milliseconds=value)
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
