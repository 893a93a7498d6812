"""A row that was set aside, and why."""

from dataclasses import dataclass
from enum import StrEnum

EXCERPT_CHARS = 500
"""How much of a row is kept: enough to find it, not enough to fill a disk."""


class RejectReason(StrEnum):
    """Why a row did not become a product. The values are stable."""

    BROKEN_JSON = "broken_json"
    BROKEN_CSV = "broken_csv"
    INVALID_ENCODING = "invalid_encoding"
    NOT_AN_OBJECT = "not_an_object"
    ROW_TOO_LONG = "row_too_long"
    MISSING_TITLE = "missing_title"
    WRONG_TYPE = "wrong_type"
    TEXT_TOO_LONG = "text_too_long"
    DUPLICATE_ID = "duplicate_id"
    REFUSED_BY_OPENSEARCH = "refused_by_opensearch"
    BAD_CHANGE = "bad_change"
    """In a feed of changes: no operation, no id, or a field that it cannot change."""
    UNKNOWN_PRODUCT = "unknown_product"
    """In a feed of changes: a patch of a product that is not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """A row that does not become a product. The rows after it do."""

    line: int
    """Line in a text file, else position in the array or table; from 1."""
    reason: RejectReason
    message: str
    """Names the line and the field, and what is wrong with it."""
    raw: str
    """The row's beginning."""


def excerpt(raw: bytes | str) -> str:
    """Return the beginning of a row, readable whatever bytes it holds."""
    if isinstance(raw, bytes):
        raw = raw[: EXCERPT_CHARS * 4].decode("utf-8", "backslashreplace")
    return raw.strip()[:EXCERPT_CHARS]
