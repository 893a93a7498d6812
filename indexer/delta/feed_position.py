"""How far a feed of changes has been dealt with, kept where a restart finds it."""

import os
from dataclasses import dataclass
from pathlib import Path

import orjson

from search_core import ConfigurationError


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPosition:
    """Everything up to a line is written, or set aside. The counts begin with the process."""

    line: int = 0
    """Of the feed, from 1; of a quoted record in a table, the one that it begins on."""
    upserted: int = 0
    patched: int = 0
    deleted: int = 0
    late: int = 0
    """Among them, left out because the product had a higher version."""
    set_aside: int = 0


def read_checkpoint(path: Path) -> int:
    """Return the line that an earlier process came to; 0 where there is no file.

    Raises:
        ConfigurationError: the file is not one of a feed.
    """
    try:
        return int(orjson.loads(path.read_bytes())["line"])
    except FileNotFoundError:
        return 0
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigurationError(
            f"{path} does not say how far a feed has come: {error}",
            remedy="name another file, or delete it to begin with the feed's first line",
        ) from error


def write_checkpoint(path: Path, position: FeedPosition) -> None:
    """Put a position in the place of the earlier one, in one step.

    Raises:
        ConfigurationError: the file cannot be written.
    """
    fresh = path.with_name(path.name + ".new")
    try:
        with fresh.open("wb") as file:
            file.write(orjson.dumps({"line": position.line}))
            file.flush()
            os.fsync(file.fileno())  # else a power cut may leave an empty file under the name
        fresh.replace(path)
    except OSError as error:
        raise ConfigurationError(
            f"the position cannot be written to {path}: {error.strerror}",
            remedy="name a file in a folder that can be written",
        ) from error
