"""The lines of a node's logs that say why it did not start."""

import re
from pathlib import Path

from shopkeeper.local_stack.node_folder import NodeFolder

_TELLING = re.compile(r"\[(?:ERROR|FATAL)|Exception|Error:|Caused by|bootstrap check|No space left")
_NOISE = re.compile(
    r"\s*(?:at |\.\.\. \d+ more)|.*Likely root cause|\s+<<<truncated>>>|warning:|WARNING:|\s*$"
)
_TAIL_BYTES = 200_000
_LINES_SHOWN = 8
_LONGEST_LINE = 400


def log_size(folder: NodeFolder) -> int:
    """Return how long the node's log is: where the next start's lines begin."""
    return folder.log_file.stat().st_size if folder.log_file.is_file() else 0


def telling_lines(folder: NodeFolder, since: int) -> tuple[str, ...]:
    """Return the lines that best explain a failed start, oldest first.

    Args:
        folder: the node's folder.
        since: where in the node's log the start began.
    """
    logged = _lines(folder.log_file, since)
    telling = [line for line in logged if _TELLING.search(line)]
    # A node that did not come as far as its log printed why, in few lines that all matter.
    chosen = telling or _lines(folder.console_file, 0) or logged
    return tuple(dict.fromkeys(chosen))[-_LINES_SHOWN:]


def _lines(path: Path, since: int) -> list[str]:
    if not path.is_file():
        return []
    size = path.stat().st_size
    with path.open("rb") as file:
        # A log that was rolled over since is shorter than where it began.
        file.seek(max(since if since <= size else 0, size - _TAIL_BYTES))
        text = file.read().decode("utf-8", errors="replace")
    lines = (line.rstrip()[:_LONGEST_LINE] for line in text.splitlines())
    return [line for line in lines if not _NOISE.match(line)]
