"""Nested cross-validation of whatever learns an order from judgments.

How cautiously it learns is chosen on the training queries alone, by an inner cross-validation, in
which learning nothing is one of the choices. What comes out is measured on the queries held out.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from evaluation.comparison import Comparison, compare
from evaluation.judgments import JudgedQuery, Judgments
from evaluation.measures import Evaluation, Measure, measure_run
from evaluation.query_folds import deal_out
from evaluation.run import Answer, Run
from search_core import ProgressListener, SilentProgress, TuningError
from search_core.settings import EvaluationSettings

RankQuery = Callable[[JudgedQuery], tuple[str, ...]]
"""Returns a query's products, best first."""

Learn = Callable[[Sequence[JudgedQuery], float], RankQuery]
"""Learns from some queries, as cautiously as a number says."""

_TASK = "cross-validation"
_INNER_SEED = 1
"""Added to the seed, so that inner parts are not the outer ones over again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidationOptions:
    """How held-out queries are dealt out."""

    folds: int = 5
    inner_folds: int = 4
    seed: int = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnedFold:
    """What learning without one part of the queries is worth on that part."""

    train_queries: int
    held_out_queries: int
    chosen: float | None
    """How cautiously it learned; `None`: the present order was best on the training queries."""
    held_out: float
    present_held_out: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningOutcome:
    """What learning is worth, and how cautiously to learn from all queries."""

    measure: Measure
    chosen: float | None
    """On all queries; `None`: nothing that was tried beats the present order."""
    folds: tuple[LearnedFold, ...]
    held_out: Comparison
    """The present order against learned ones, every query ranked by what never saw it."""

    @property
    def is_better(self) -> bool:
        """Whether learning beats the present order on held-out queries beyond doubt."""
        return self.chosen is not None and self.held_out.deciding.interval.low > 0


def validate_learning(
    learn: Learn,
    present: RankQuery,
    choices: Sequence[float],
    judgments: Judgments,
    measures: Sequence[Measure],
    settings: EvaluationSettings,
    options: ValidationOptions | None = None,
    progress: ProgressListener | None = None,
) -> LearningOutcome:
    """Measure what learning an order is worth on queries that it never saw.

    Args:
        learn: learns from some queries.
        present: the order without learning.
        choices: how cautiously it may learn, the most cautious first: it wins a tie.
        judgments: of queries that have a relevant product.
        measures: the first decides; the others are reported.
        settings: confidence, resamples and seed of the comparison.
        options: folds and seed.
        progress: told of the folds.

    Raises:
        TuningError: there are fewer than two queries a fold.
    """
    options = options or ValidationOptions()
    queries = judgments.measurable()
    if len(queries) < 2 * max(options.folds, options.inner_folds):
        raise TuningError(
            f"{len(queries)} queries with a relevant product are too few for {options.folds} folds",
            remedy="judge more queries (50 or more say something), or lower --folds",
        )
    listener = progress or SilentProgress()
    listener.start(_TASK, options.folds + 1, "folds")
    try:
        validation = _Validation(learn, present, choices, judgments, measures, options)
        return validation.outcome(queries, settings, lambda: listener.advance(_TASK, 1))
    finally:
        listener.finish(_TASK)


class _Validation:
    """One cross-validation under way."""

    def __init__(
        self,
        learn: Learn,
        present: RankQuery,
        choices: Sequence[float],
        judgments: Judgments,
        measures: Sequence[Measure],
        options: ValidationOptions,
    ) -> None:
        self._learn = learn
        self._present = present
        self._choices = choices
        self._judgments = judgments
        self._measures = measures
        self._options = options

    def outcome(
        self,
        queries: Sequence[JudgedQuery],
        settings: EvaluationSettings,
        done: Callable[[], None],
    ) -> LearningOutcome:
        answers: dict[str, Answer] = {}
        parts = []
        for held_out in deal_out(queries, self._options.folds, self._options.seed):
            train = [query for query in queries if query not in set(held_out)]
            chosen = self._chosen(train)
            answers |= _ranked(self._ranker(train, chosen), held_out)
            parts.append((train, held_out, chosen))
            done()
        chosen = self._chosen(queries)
        done()
        present = self._measured("present order", _ranked(self._present, queries), queries)
        learned = self._measured("learned, held out", answers, queries)
        measure = self._measures[0]
        return LearningOutcome(
            measure=measure,
            chosen=chosen,
            folds=tuple(
                LearnedFold(
                    train_queries=len(train),
                    held_out_queries=len(held_out),
                    chosen=choice,
                    held_out=_mean(learned, measure, held_out),
                    present_held_out=_mean(present, measure, held_out),
                )
                for train, held_out, choice in parts
            ),
            held_out=compare(present, [learned], settings)[0],
        )

    def _ranker(self, train: Sequence[JudgedQuery], chosen: float | None) -> RankQuery:
        return self._present if chosen is None else self._learn(train, chosen)

    def _chosen(self, train: Sequence[JudgedQuery]) -> float | None:
        """Return the choice that is best on parts of the training queries that it did not see."""
        inner = deal_out(train, self._options.inner_folds, self._options.seed + _INNER_SEED)
        best, reached = None, self._worth(_ranked(self._present, train), train)
        for choice in self._choices:
            answers: dict[str, Answer] = {}
            for held_out in inner:
                rest = [query for query in train if query not in set(held_out)]
                answers |= _ranked(self._learn(rest, choice), held_out)
            worth = self._worth(answers, train)
            if worth > reached:
                best, reached = choice, worth
        return best

    def _worth(self, answers: dict[str, Answer], queries: Sequence[JudgedQuery]) -> float:
        measure = self._measures[0]
        run = Run(name="inner", answers=answers)
        measured = measure_run(run, self._judgments.only(queries), [measure])
        return _mean(measured, measure, queries)

    def _measured(
        self, name: str, answers: dict[str, Answer], queries: Sequence[JudgedQuery]
    ) -> Evaluation:
        run = Run(name=name, answers=answers)
        return measure_run(run, self._judgments.only(queries), self._measures)


def _ranked(rank: RankQuery, queries: Sequence[JudgedQuery]) -> dict[str, Answer]:
    return {query.key: Answer(product_ids=rank(query)) for query in queries}


def _mean(evaluation: Evaluation, measure: Measure, queries: Sequence[JudgedQuery]) -> float:
    values = evaluation.values[measure]
    return sum(values[query.key] for query in queries) / len(queries)
