"""Runs as TREC run files: `query-id Q0 product-id rank score name`, separated by spaces."""

import logging
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from evaluation.judgment_trec import product_id_of, trec_id
from evaluation.judgments import JudgedQuery
from evaluation.run import Answer, Run
from evaluation.text_decoding import read_text, text_lines, write_text
from search_core import RunFileError

_logger = logging.getLogger(__name__)

_COLUMNS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFile:
    """A run, and how its queries go with the judged ones."""

    run: Run
    missing: tuple[JudgedQuery, ...]
    """Judged queries for which the file has no hits; they count 0."""
    not_judged: int
    """Queries of the file that were not judged."""


def read_run_file(
    path: Path,
    queries: Sequence[JudgedQuery],
    *,
    name: str | None = None,
    query_texts: Mapping[str, str] | None = None,
) -> RunFile:
    """Read a run file.

    Hits are ordered by score descending, then product id ascending; the rank column is not looked
    at, as usual for such files. Queries are named by their text (percent-encoded), or by the ids of
    `query_texts`.

    Args:
        path: the file, gzipped or not.
        queries: the judged ones.
        name: the system's; `None`: what the file says.
        query_texts: texts of the file's query ids.

    Raises:
        RunFileError: there is no such file, a line that cannot be read, or no judged query at all.
    """
    scores: dict[str, dict[str, float]] = {}
    named = name
    for number, line in enumerate(text_lines(read_text(path, error=RunFileError)), start=1):
        fields = line.split()
        if not fields:
            continue
        score = _score(fields)
        if score is None:
            raise RunFileError(
                f"{path}, line {number} is none of a run: {line[:80]!r}",
                remedy="a line has query-id, Q0, product-id, rank, score and the system's name",
            )
        query_id, _, product_id = fields[:3]
        named = named or fields[5]
        text = (query_texts or {}).get(query_id)
        query = JudgedQuery.from_key(query_id) if text is None else JudgedQuery(text=text)
        hits = scores.setdefault(query.key, {})
        # A product that is listed twice counts where it scores best.
        known = product_id_of(product_id)
        hits[known] = max(score, hits.get(known, score))
    return _matched(path, named or path.stem, scores, queries)


def write_run_file(run: Run, path: Path) -> None:
    """Write a run file, under the queries' keys; scores are the distance from the last hit.

    Raises:
        EvaluationError: it cannot be written.
    """
    name = "-".join(run.name.split()) or "run"
    lines = [
        f"{key} Q0 {trec_id(product_id)} {rank} {len(answer.product_ids) - rank + 1} {name}\n"
        for key, answer in run.answers.items()
        for rank, product_id in enumerate(answer.product_ids, start=1)
    ]
    write_text(path, "".join(lines))


def _score(fields: Sequence[str]) -> float | None:
    if len(fields) != _COLUMNS:
        return None
    try:
        score = float(fields[4])
    except ValueError:
        return None
    return None if math.isnan(score) else score


def _matched(
    path: Path,
    name: str,
    scores: Mapping[str, Mapping[str, float]],
    queries: Sequence[JudgedQuery],
) -> RunFile:
    judged = {query.key: query for query in queries}
    answers = {
        key: Answer(product_ids=tuple(sorted(hits, key=lambda each: (-hits[each], each))))
        for key, hits in scores.items()
        if key in judged
    }
    if not answers:
        example = next(iter(scores), None)
        raise RunFileError(
            f"{path} ranks none of the {len(judged)} judged queries"
            + ("" if example is None else f"; its first is {example!r}"),
            remedy="name queries by their text, percent-encoded (red%20dress), or give --queries "
            "with the texts of the ids",
        )
    missing = tuple(query for key, query in judged.items() if key not in answers)
    _logger.info(
        "run_file_read path=%s queries=%d missing=%d", path.name, len(answers), len(missing)
    )
    return RunFile(
        run=Run(name=name, answers=answers),
        missing=missing,
        not_judged=len(scores) - len(answers),
    )
