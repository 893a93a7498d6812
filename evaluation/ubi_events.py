"""Searches and clicks from logs in OpenSearch's User Behavior Insights (UBI) schema."""

import gzip
import json
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evaluation.click_log import ClickLog, LoggedSearch, ShownProduct
from search_core import EventLogError, ProgressListener, SilentProgress

CLICK_ACTIONS = ("click", "item_click", "add_to_cart", "purchase")
"""What counts as choosing a product. A purchase without a logged click is a choice as well."""
IMPRESSION_ACTION = "impression"

_TASK = "reading events"
_LINES_A_STEP = 5_000


def read_click_log(
    paths: Sequence[Path],
    click_actions: Sequence[str] = CLICK_ACTIONS,
    progress: ProgressListener | None = None,
) -> ClickLog:
    """Read `ubi_queries` and `ubi_events` from JSON lines, in any order, from one file or several.

    Bulk action lines between the documents are skipped. What was shown comes from `impression`
    events, else from the query's `query_response_hit_ids`. An application that counts positions
    from 0 is recognised by its having a position 0, and its positions become ranks from 1.

    Args:
        paths: `.ndjson` or `.ndjson.gz`.
        click_actions: values of `action_name` that count as choosing a product.
        progress: told of the lines read.

    Raises:
        EventLogError: a file cannot be read, or no search in it shows any product.
    """
    listener = progress or SilentProgress()
    assembly = _Assembly(click_actions=frozenset(click_actions))
    listener.start(_TASK, None, "lines")
    try:
        for path in paths:
            for number, line in enumerate(event_lines(path), start=1):
                assembly.add(line)
                if number % _LINES_A_STEP == 0:
                    listener.advance(_TASK, _LINES_A_STEP)
    finally:
        listener.finish(_TASK)
    log = assembly.click_log()
    if not log.searches:
        names = ", ".join(str(path) for path in paths)
        reasons = "; ".join(f"{count} {reason}" for reason, count in log.unusable.items())
        raise EventLogError(
            f"{names}: no search shows a product ({reasons or 'no lines'})",
            remedy="export both ubi_queries and ubi_events; impressions come from events with "
            "action_name 'impression' or from query_response_hit_ids",
        )
    return log


def normalised_query(text: str) -> str:
    """Return the form under which searches for the same words are counted together."""
    return " ".join(text.casefold().split())


def event_lines(path: Path) -> Iterator[bytes]:
    """Yield the lines of a log, unpacked.

    Raises:
        EventLogError: the file cannot be read.
    """
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
            yield from file
    except (OSError, EOFError, zlib.error) as error:
        raise EventLogError(
            f"{path} cannot be read: {error}", remedy="give .ndjson or .ndjson.gz files"
        ) from error


@dataclass(slots=True)
class _Pending:
    """A search while its lines are still coming in; positions are as the application counts."""

    application: str = ""
    query: str = ""
    session: str = ""
    hit_ids: tuple[str, ...] = ()
    positions: dict[str, int] = field(default_factory=dict)
    clicks: dict[str, int | None] = field(default_factory=dict)

    def shown(self, first_position: int) -> tuple[ShownProduct, ...]:
        """Return the page in rank order; a product clicked but never shown is put where it was."""
        ranks = {
            product_id: position - first_position + 1
            for product_id, position in self.positions.items()
        }
        if not ranks:
            ranks = {product_id: rank for rank, product_id in enumerate(self.hit_ids, start=1)}
        for product_id, position in self.clicks.items():
            if product_id not in ranks and position is not None:
                ranks[product_id] = position - first_position + 1
        return tuple(
            ShownProduct(product_id=product_id, rank=rank, clicked=product_id in self.clicks)
            for product_id, rank in sorted(ranks.items(), key=lambda pair: (pair[1], pair[0]))
            if rank >= 1
        )


@dataclass(slots=True, kw_only=True)
class _Assembly:
    """Puts the lines of a log together, search by search."""

    click_actions: frozenset[str]
    pending: dict[str, _Pending] = field(default_factory=dict)
    unusable: Counter[str] = field(default_factory=Counter)

    def add(self, line: bytes) -> None:
        if not line.strip():
            return
        try:
            document = json.loads(line)
        except (ValueError, RecursionError):
            self.unusable["lines that are not JSON"] += 1
            return
        if not isinstance(document, dict):
            self.unusable["lines that are not JSON objects"] += 1
        elif not _is_bulk_action(document):
            self._add_document(document)

    def click_log(self) -> ClickLog:
        zero_based = {
            pending.application
            for pending in self.pending.values()
            if 0 in pending.positions.values() or 0 in pending.clicks.values()
        }
        searches = []
        for query_id, pending in self.pending.items():
            shown = pending.shown(0 if pending.application in zero_based else 1)
            if not pending.query:
                self.unusable["searches without a query text"] += 1
            elif not shown:
                self.unusable["searches without a shown product"] += 1
            else:
                session = pending.session or query_id
                searches.append(LoggedSearch(query=pending.query, session=session, shown=shown))
        return ClickLog(searches=tuple(searches), unusable=dict(sorted(self.unusable.items())))

    def _add_document(self, document: Mapping[str, Any]) -> None:
        query_id = _text(document.get("query_id"))
        if not query_id:
            self.unusable["lines without query_id"] += 1
            return
        search = self.pending.setdefault(query_id, _Pending())
        search.application = search.application or _text(document.get("application"))
        search.query = search.query or normalised_query(_text(document.get("user_query")))
        if "action_name" in document:
            self._add_event(search, document)
        elif isinstance(hit_ids := document.get("query_response_hit_ids"), list):
            search.hit_ids = tuple(dict.fromkeys(filter(None, map(_text, hit_ids))))

    def _add_event(self, search: _Pending, event: Mapping[str, Any]) -> None:
        action = _text(event["action_name"])
        attributes = _mapping(event.get("event_attributes"))
        search.session = (
            search.session
            or _text(event.get("session_id"))
            or _text(attributes.get("session_id"))
            or _text(event.get("client_id"))
        )
        is_click = action in self.click_actions
        if not is_click and action != IMPRESSION_ACTION:
            return
        product_id = _text(_mapping(attributes.get("object")).get("object_id"))
        position = _position(attributes)
        if not product_id:
            self.unusable["clicks and impressions without object_id"] += 1
        elif is_click:
            search.clicks[product_id] = search.clicks.get(product_id) or position
        elif position is None:
            self.unusable["impressions without position.ordinal"] += 1
        else:
            search.positions.setdefault(product_id, position)


def _is_bulk_action(document: Mapping[str, Any]) -> bool:
    return len(document) == 1 and next(iter(document)) in {"index", "create", "update", "delete"}


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    """Return an id or text; numbers are ids too, anything else is none."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value).strip()


def _position(attributes: Mapping[str, Any]) -> int | None:
    ordinal = _mapping(attributes.get("position")).get("ordinal")
    if isinstance(ordinal, bool) or not isinstance(ordinal, int) or ordinal < 0:
        return None
    return ordinal
