"""A file of rules that is read again when it changes."""

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from time import monotonic

from query_understanding.rules.querqy_parser import conflicts, read_rules
from query_understanding.rules.querqy_rules import QueryRule
from search_core import RulesError

_logger = logging.getLogger(__name__)

_LOOK_AGAIN_SECONDS = 2.0
"""A merchandiser waits no longer for a changed rule, and no query pays more than a look-up."""


class RulesFile:
    """The rules of a file, as they are now. Safe to call from several threads."""

    def __init__(self, path: Path, clock: Callable[[], float] = monotonic) -> None:
        """Read the file.

        Args:
            path: of the rules.
            clock: seconds.

        Raises:
            RulesError: see `read_rules`.
        """
        self._path = path
        self._clock = clock
        self._lock = threading.Lock()
        self._looked_at = clock()
        self._state = _state(path)
        self._rules = _read(path)

    def current(self) -> tuple[QueryRule, ...]:
        """Return the rules; a changed file that cannot be read leaves those before in force."""
        if self._clock() - self._looked_at < _LOOK_AGAIN_SECONDS:
            return self._rules
        with self._lock:
            self._looked_at = self._clock()
            state = _state(self._path)
            if state != self._state:
                self._state = state
                self._reload()
        return self._rules

    def _reload(self) -> None:
        try:
            self._rules = _read(self._path)
        except RulesError as error:
            _logger.warning("rules_not_reloaded: %s", error.message)
        else:
            _logger.info("rules_reloaded count=%d", len(self._rules))


def _read(path: Path) -> tuple[QueryRule, ...]:
    rules = read_rules(path)
    for each in conflicts(rules):
        _logger.warning("rules_conflict: %s", each)
    return rules


def _state(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_mtime_ns, status.st_size
