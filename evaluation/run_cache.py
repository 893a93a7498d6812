"""Runs on disk: a system that has not changed is not asked again."""

import hashlib
import json
import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from evaluation.judgments import JudgedQuery
from evaluation.run import Answer, MeasuredSystem, Run, ShownHit

_logger = logging.getLogger(__name__)

_VERSION = 2
"""Of what is in a file: another one is not read."""
_MOST_RUNS = 100
"""A run of a hundred queries takes about a megabyte; the oldest go first."""


class RunCache:
    """A folder of runs, each under a hash of system, queries and depth."""

    def __init__(self, folder: Path, most_runs: int = _MOST_RUNS) -> None:
        self._folder = folder
        self._most_runs = most_runs

    def get(self, system: MeasuredSystem, queries: Sequence[JudgedQuery], depth: int) -> Run | None:
        """Return the run of a system, or `None` when there is none, or none that can be read."""
        if system.fingerprint is None:
            return None
        path = self._path(system.fingerprint, queries, depth)
        try:
            stored = json.loads(path.read_bytes())
            return _run(stored, system.name, depth)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            # A file that a crash or another version left: measured again and replaced.
            _logger.warning("run_cache_unreadable path=%s error=%s", path.name, error)
            return None

    def put(
        self, system: MeasuredSystem, queries: Sequence[JudgedQuery], depth: int, run: Run
    ) -> None:
        """Keep a run; a disk that is full or read-only costs a repetition, not the result."""
        if system.fingerprint is None or run.measured_at is None:
            return
        path = self._path(system.fingerprint, queries, depth)
        stored = {
            "version": _VERSION,
            "system": system.name,
            "measured_at": run.measured_at.isoformat(),
            "answers": {key: asdict(answer) for key, answer in run.answers.items()},
        }
        # Written beside and renamed, so that two processes never read half a file.
        temporary = path.with_suffix(f".{os.getpid()}.tmp")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            temporary.write_text(json.dumps(stored, ensure_ascii=False), encoding="utf-8")
            temporary.replace(path)
            self._drop_oldest()
        except OSError as error:
            _logger.warning("run_cache_not_written path=%s error=%s", path.name, error)

    def _drop_oldest(self) -> None:
        runs = sorted(self._folder.glob("*.json"), key=lambda path: path.stat().st_mtime_ns)
        for path in runs[: -self._most_runs]:
            path.unlink(missing_ok=True)

    def _path(self, fingerprint: str, queries: Sequence[JudgedQuery], depth: int) -> Path:
        known = json.dumps([_VERSION, fingerprint, depth, sorted(query.key for query in queries)])
        return self._folder / f"{hashlib.sha256(known.encode()).hexdigest()}.json"


def _run(stored: Mapping[str, Any], name: str, depth: int) -> Run | None:
    if stored["version"] != _VERSION:
        return None
    return Run(
        name=name,
        answers={key: _answer(each) for key, each in stored["answers"].items()},
        depth=depth,
        measured_at=datetime.fromisoformat(stored["measured_at"]),
        from_cache=True,
    )


def _answer(stored: Mapping[str, Any]) -> Answer:
    return Answer(
        product_ids=tuple(stored["product_ids"]),
        latency_ms=stored["latency_ms"],
        shown=tuple(
            ShownHit(
                product_id=hit["product_id"],
                title=hit["title"],
                explanation=tuple(hit["explanation"]),
            )
            for hit in stored["shown"]
        ),
        degraded=tuple(stored["degraded"]),
        intent=stored["intent"],
        language=stored["language"],
    )
