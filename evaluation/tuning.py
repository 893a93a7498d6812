"""Tuning under nested cross-validation: what a tuned setting is worth on queries it never saw.

Any search over enough settings finds one that looks better on the queries it looks at. So the whole
search is repeated once a fold without the fold's queries, and its outcome is measured on them; the
held-out values of all folds together say what tuning is worth. The setting that is recommended
comes from a last search over all queries, whose in-sample value is printed beside.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from evaluation.comparison import Comparison, compare
from evaluation.judgments import JudgedQuery, Judgments
from evaluation.measures import Evaluation, Measure, measure_run
from evaluation.query_folds import deal_out
from evaluation.run import Answer, Run
from evaluation.tuning_space import Setting, Tunable
from search_core import ProgressListener, SilentProgress, TuningError
from search_core.settings import EvaluationSettings

if TYPE_CHECKING:
    from evaluation.tuning_study import Study

RunWith = Callable[[Setting], Run]
"""Answers all judged queries with a setting."""

_TASK = "tuning"


@dataclass(frozen=True, slots=True, kw_only=True)
class TuningOptions:
    """How thoroughly settings are searched."""

    trials: int = 100
    """Settings tried in each search."""
    folds: int = 5
    """Parts that the queries are split into; each is held out once."""
    seed: int = 7
    storage: Path | None = None
    """File that keeps the trials, so that an interrupted search goes on; `None`: memory."""
    identity: str = ""
    """Whatever else the values depend on (the generation, the other settings): trials in the
    storage that were made under another one are not taken up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldOutcome:
    """What tuning without one part of the queries found, and what it is worth on that part."""

    train_queries: int
    held_out_queries: int
    setting: Setting
    in_sample: float
    """Mean on the queries that it was tuned on."""
    held_out: float
    present_held_out: float
    """The present setting, on the same held-out queries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TuningOutcome:
    """What was found, and whether it is worth having."""

    measure: Measure
    present: Setting
    best: Setting
    """Tuned on all queries."""
    folds: tuple[FoldOutcome, ...]
    held_out: Comparison
    """Present setting against tuned ones, every query answered by a setting that never saw it."""
    in_sample: Comparison
    """Present setting against `best` on the queries that it was tuned on: flattering."""
    trials: int
    """Over all searches."""
    resumed: int
    """Of these, taken up from the storage."""

    @property
    def changes(self) -> Setting:
        """What `best` sets otherwise than the present setting."""
        return {name: value for name, value in self.best.items() if value != self.present[name]}

    @property
    def is_better(self) -> bool:
        """Whether tuning beats the present setting on held-out queries beyond doubt."""
        return bool(self.changes) and self.held_out.deciding.interval.low > 0


def tune(
    run_with: RunWith,
    judgments: Judgments,
    measures: Sequence[Measure],
    space: Sequence[Tunable],
    present: Setting,
    settings: EvaluationSettings,
    options: TuningOptions | None = None,
    progress: ProgressListener | None = None,
) -> TuningOutcome:
    """Search the space for the setting with the highest mean of the first measure.

    Args:
        run_with: answers the queries; settings are asked for again and again, so that it should
            remember what does not change.
        judgments: what is measured against.
        measures: the first decides; the others are reported.
        space: what may be moved.
        present: the present value of everything in the space.
        settings: confidence, resamples and seed of the comparisons.
        options: trials, folds, storage.
        progress: told of the trials.

    Raises:
        TuningError: the extra is not installed, or there are fewer queries than folds.
        ShopkeeperError: the search did not answer.
    """
    options = options or TuningOptions()
    queries = judgments.measurable()
    if len(queries) < 2 * options.folds:
        raise TuningError(
            f"{len(queries)} queries with a relevant product are too few for {options.folds} folds",
            remedy="judge more queries (50 or more say something), or lower --folds",
        )
    listener = progress or SilentProgress()
    search = _Search(run_with, judgments, measures, space, present, options, listener)
    listener.start(_TASK, options.trials * (options.folds + 1), "trials")
    try:
        return search.outcome(deal_out(queries, options.folds, options.seed), settings)
    finally:
        listener.finish(_TASK)


class _Search:
    """The searches of one tuning, which share what was measured."""

    def __init__(
        self,
        run_with: RunWith,
        judgments: Judgments,
        measures: Sequence[Measure],
        space: Sequence[Tunable],
        present: Setting,
        options: TuningOptions,
        progress: ProgressListener,
    ) -> None:
        self._run_with = run_with
        self._judgments = judgments
        self._measures = measures
        self._space = space
        self._present = {each.name: present[each.name] for each in space}
        self._options = options
        self._progress = progress
        self._values: dict[str, dict[str, float]] = {}
        self._resumed = 0

    def outcome(
        self, folds: Sequence[tuple[JudgedQuery, ...]], settings: EvaluationSettings
    ) -> TuningOutcome:
        present = self._evaluated(self._run_with(self._present), "present setting")
        answers: dict[str, Answer] = {}
        found = []
        for number, held_out in enumerate(folds, start=1):
            train = [query for query in present.queries if query not in set(held_out)]
            best, score = self._best(f"fold {number} of {len(folds)}", train)
            run = self._run_with(best)
            keys = {query.key for query in held_out}
            answers |= {key: answer for key, answer in run.answers.items() if key in keys}
            found.append((held_out, train, best, score))
        best, _ = self._best("all queries", present.queries)
        tuned = self._evaluated(
            Run(name="tuned", answers=answers, depth=present.run.depth), "tuned, held out"
        )
        in_sample = self._evaluated(self._run_with(best), "tuned, in sample")
        return TuningOutcome(
            measure=self._measures[0],
            present=self._present,
            best=best,
            folds=tuple(
                FoldOutcome(
                    train_queries=len(train),
                    held_out_queries=len(held_out),
                    setting=setting,
                    in_sample=score,
                    held_out=_mean(tuned, self._measures[0], held_out),
                    present_held_out=_mean(present, self._measures[0], held_out),
                )
                for held_out, train, setting, score in found
            ),
            held_out=compare(present, [tuned], settings)[0],
            in_sample=compare(present, [in_sample], settings)[0],
            trials=self._options.trials * (len(folds) + 1),
            resumed=self._resumed,
        )

    def _best(self, part: str, train: Sequence[JudgedQuery]) -> tuple[Setting, float]:
        study = _study(self._study_name(part), self._space, self._options)
        keys = [query.key for query in train]

        def score(setting: Setting) -> float:
            values = self._values_of(setting)
            return sum(values[key] for key in keys) / len(keys)

        found = study.search(
            self._present,
            score,
            self._options.trials,
            lambda done: self._progress.advance(_TASK, done),
        )
        self._resumed += found.resumed
        return self._without_idle_changes(found.setting, found.score, score)

    def _without_idle_changes(
        self, setting: Setting, reached: float, score: Callable[[Setting], float]
    ) -> tuple[Setting, float]:
        """Take back every change that earns nothing: what stays has a reason."""
        kept = dict(setting)
        for name, present in self._present.items():
            without = {**kept, name: present}
            if without != kept and (value := score(without)) >= reached:
                kept, reached = without, value
        return kept, reached

    def _values_of(self, setting: Setting) -> dict[str, float]:
        """Measure a setting on all queries once, whichever searches ask for it."""
        key = json.dumps(setting, sort_keys=True)
        if key not in self._values:
            measured = measure_run(self._run_with(setting), self._judgments, self._measures[:1])
            self._values[key] = dict(measured.values[self._measures[0]])
        return self._values[key]

    def _evaluated(self, run: Run, name: str) -> Evaluation:
        named = Run(name=name, answers=run.answers, depth=run.depth)
        return measure_run(named, self._judgments, self._measures)

    def _study_name(self, part: str) -> str:
        """Name a study after all that its trials depend on."""
        content = [
            part,
            self._options.identity,
            self._options.seed,
            self._options.folds,
            str(self._measures[0]),
            [(each.name, each.values) for each in self._space],
            dict(self._present),
            sorted((each.query.key, each.product_id, each.grade) for each in self._judgments),
        ]
        digest = hashlib.blake2b(json.dumps(content).encode(), digest_size=8).hexdigest()
        return f"{part} {digest}"


def _study(name: str, space: Sequence[Tunable], options: TuningOptions) -> "Study":
    try:
        from evaluation.tuning_study import Study  # noqa: PLC0415 - Optuna is an extra
    except ModuleNotFoundError as error:
        raise TuningError(
            "tuning needs Optuna, which is not installed",
            remedy="pip install '.[tune]' in Shopkeeper's folder",
        ) from error
    return Study(name, space, options.seed, options.storage)


def _mean(evaluation: Evaluation, measure: Measure, queries: Sequence[JudgedQuery]) -> float:
    values = evaluation.values[measure]
    return sum(values[query.key] for query in queries) / len(queries)
