"""One physical index behind an alias: its name, and what it says about itself."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from search_core import ConfigurationError
from search_engine.index_body import IndexDescription

GENERATION_KEY = "generation"
"""Beside the description in the mapping's `_meta`."""

_LONGEST_ALIAS = 200
_ALIAS = re.compile(r"[a-z0-9][a-z0-9_.-]*")
_TIME_FORMAT = "%Y%m%d-%H%M%S"
_NAME = re.compile(r"(?P<alias>.+)-(?P<time>\d{8}-\d{6})-[0-9a-f]{4}")


class GenerationState(StrEnum):
    """How far a generation is."""

    BUILDING = "building"
    """Documents are being written. Without a process that does so it is an unfinished one."""
    FAILED = "failed"
    """The run ended with an error; `reason` says which."""
    COMPLETE = "complete"
    """Everything is written and checked: it can be put live."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationStatus:
    """One generation, as OpenSearch knows it."""

    name: str
    alias: str
    live: bool
    """The alias points to it."""
    state: GenerationState
    reason: str = ""
    """Why it failed."""
    created_at: datetime
    """By OpenSearch's clock, to the millisecond."""
    published_at: datetime | None = None
    """When it was last put live; `None`: never."""
    inputs: Mapping[str, str] = field(default_factory=dict)
    """What it was built from (catalogue, schema, encoder, passage): a run resumes only equals."""
    description: IndexDescription


def checked_alias(alias: str) -> str:
    """Return the alias if OpenSearch and the naming of generations can take it.

    Raises:
        ConfigurationError: it cannot.
    """
    if len(alias) > _LONGEST_ALIAS or not _ALIAS.fullmatch(alias):
        raise ConfigurationError(
            f"{alias!r} cannot be the name of an index",
            remedy="use lower-case letters, digits, '-', '_' and '.', beginning with a letter or "
            f"digit, at most {_LONGEST_ALIAS} of them",
        )
    return alias


def generation_name(alias: str, created_at: datetime, token: str) -> str:
    """Return a new generation's name: names of one alias sort by time.

    Args:
        alias: what shoppers' searches name.
        created_at: any time zone; written in UTC.
        token: four hexadecimal digits, for two made within a second.
    """
    return f"{alias}-{created_at.astimezone(UTC).strftime(_TIME_FORMAT)}-{token}"


def parse_generation_name(name: str) -> tuple[str, datetime] | None:
    """Return alias and time of a generation's name, or `None` for any other index name."""
    parts = _NAME.fullmatch(name)
    if parts is None:
        return None
    try:
        created_at = datetime.strptime(parts["time"], _TIME_FORMAT).replace(tzinfo=UTC)
    except ValueError:
        return None
    return parts["alias"], created_at


def alias_of_generation(name: str) -> str | None:
    """Return the alias that a generation was made for, or `None` for any other index name."""
    parsed = parse_generation_name(name)
    return None if parsed is None else parsed[0]


def generation_meta(
    state: GenerationState,
    inputs: Mapping[str, str],
    *,
    reason: str = "",
    published_at: datetime | None = None,
) -> dict[str, Any]:
    """Return what is kept under `GENERATION_KEY`."""
    return {
        "state": state.value,
        "reason": reason,
        "inputs": dict(inputs),
        "published_at": published_at.isoformat() if published_at else None,
    }


def generation_of(name: str, index: Mapping[str, Any]) -> GenerationStatus | None:
    """Return the generation that an index is, or `None` when it is none of ours.

    Args:
        name: the index's name.
        index: its entry in a get-index answer, with `mappings`, `settings` and `aliases`.
    """
    parsed = parse_generation_name(name)
    meta = index.get("mappings", {}).get("_meta", {}).get("shopkeeper")
    if parsed is None or meta is None or GENERATION_KEY not in meta:
        return None
    alias, _ = parsed
    created_ms = int(index["settings"]["index"]["creation_date"])
    own = meta[GENERATION_KEY]
    published = own.get("published_at")
    return GenerationStatus(
        name=name,
        alias=alias,
        live=alias in index.get("aliases", {}),
        state=GenerationState(own["state"]),
        reason=own.get("reason", ""),
        created_at=datetime.fromtimestamp(created_ms / 1000, UTC),
        published_at=datetime.fromisoformat(published) if published else None,
        inputs=own.get("inputs", {}),
        description=IndexDescription.from_meta(meta),
    )
