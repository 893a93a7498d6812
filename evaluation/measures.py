"""Measures by `ir-measures`, under its names, and each also on the judged hits alone."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import ir_measures

from evaluation.judgments import JudgedQuery, Judgments
from evaluation.run import Latency, Run
from search_core import JudgmentsError, MeasureError

_NAME = re.compile(r"(?P<name>[^(@]+)(?:\((?P<parameters>.*)\))?(?P<cutoff>@.+)?")
_NOT_CONDENSED = frozenset({"Judged", "NumRet", "NumRel", "NumQ", "Bpref", "infAP"})
"""Counts, and measures that look at judged hits only by their own definition."""
_PERL_MEASURES = frozenset({"ERR"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One measure with its parameters."""

    plain_name: str
    """As `ir-measures` prints it, without `judged_only`."""
    judged_only: bool = False
    """Unjudged hits are removed before measuring (the measure is *condensed*)."""

    @classmethod
    def parse(cls, text: str) -> "Measure":
        """Read a measure as `ir-measures` writes it: `nDCG@10`, `P(rel=2)@5`.

        Raises:
            MeasureError: no such measure, or one that cannot be computed here.
        """
        try:
            parsed = ir_measures.parse_measure(text.strip())
            parameters = dict(parsed.params)
            judged_only = parameters.pop("judged_only", False)
            plain = type(parsed)(**parameters)
            supported = ir_measures.DefaultPipeline.supports(plain)  # type: ignore[no-untyped-call]
            name = repr(plain)
        except (ValueError, NameError, AssertionError, KeyError, TypeError) as error:
            raise MeasureError(f"{text!r} is no measure: {error}", remedy=_NAMES) from error
        if not supported:
            raise MeasureError(f"{text!r} cannot be computed here", remedy=_support_remedy(plain))
        return cls(plain_name=name, judged_only=bool(judged_only))

    @property
    def name(self) -> str:
        """The measure as `ir-measures` prints it."""
        parts = _NAME.fullmatch(self.plain_name)
        if not self.judged_only or parts is None:
            return self.plain_name
        parameters = f"{parts['parameters']}," if parts["parameters"] else ""
        return f"{parts['name']}({parameters}judged_only=True){parts['cutoff'] or ''}"

    @property
    def cutoff(self) -> int | None:
        """How many hits it looks at; `None`: all."""
        cutoff = self._plain().params.get("cutoff")
        return cutoff if isinstance(cutoff, int) else None

    def condensed(self) -> "Measure | None":
        """Return the same measure on the judged hits alone; `None` where that says nothing."""
        if self.judged_only or self._plain().NAME in _NOT_CONDENSED:
            return None
        return Measure(plain_name=self.plain_name, judged_only=True)

    def __str__(self) -> str:
        return self.name

    def _plain(self) -> ir_measures.Measure:
        return ir_measures.parse_measure(self.plain_name)


_NAMES = (
    "write it as ir-measures does: nDCG@10, RR, P@10, R@100, ERR@20, Judged@10; "
    "docs/evaluation.md explains them"
)


def _support_remedy(measure: ir_measures.Measure) -> str:
    if measure.NAME in _PERL_MEASURES:
        return f"give it a cut-off ({measure.NAME}@20) and install perl, with which it is computed"
    return "give it a cut-off (@10), or leave it out"


def parse_measures(names: Iterable[str]) -> tuple[Measure, ...]:
    """Read measures and put the condensed variant beside each.

    Raises:
        MeasureError: one of them is none.
    """
    measures: dict[Measure, None] = {}
    for name in names:
        measure = Measure.parse(name)
        measures[measure] = None
        condensed = measure.condensed()
        if condensed is not None:
            measures[condensed] = None
    return tuple(measures)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """One run, measured."""

    run: Run
    judgments: Judgments
    queries: tuple[JudgedQuery, ...]
    """Those that were measured: with a relevant product."""
    left_out: tuple[JudgedQuery, ...]
    """Judged queries without a relevant product: every ranking of theirs is as good as another."""
    values: Mapping[Measure, Mapping[str, float]]
    """Measure → query's key → value, for every measured query."""
    latency: Latency | None = field(default=None)

    @property
    def name(self) -> str:
        """The system's name."""
        return self.run.name

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The measures, in the order in which they were asked for."""
        return tuple(self.values)

    def mean(self, measure: Measure) -> float:
        """Return a measure's mean over the measured queries."""
        values = self.values[measure]
        return sum(values.values()) / len(values)

    def without_hits(self) -> tuple[JudgedQuery, ...]:
        """Return the measured queries for which nothing was found; they count 0."""
        return tuple(query for query in self.queries if not self.run.ranking(query))


def measure_run(run: Run, judgments: Judgments, measures: Sequence[Measure]) -> Evaluation:
    """Measure a run.

    A judged query without hits counts 0. A judged query without a relevant product is left out.

    Raises:
        JudgmentsError: no query has a relevant product.
        MeasureError: a measure looks deeper than the run is, or cannot take the grades.
    """
    queries = judgments.measurable()
    if not queries:
        raise JudgmentsError(
            "no judged query has a product of grade 1 or more",
            remedy="judge products that shoppers would want, too",
        )
    _check_depth(run, measures)
    values: dict[Measure, Mapping[str, float]] = {}
    for judged_only in (False, True):
        chosen = [measure for measure in measures if measure.judged_only is judged_only]
        if chosen:
            values |= _values(run, judgments, queries, chosen, judged_only=judged_only)
    return Evaluation(
        run=run,
        judgments=judgments,
        queries=queries,
        left_out=judgments.without_relevant(),
        values={measure: values[measure] for measure in measures},
        latency=Latency.of(run),
    )


def _check_depth(run: Run, measures: Sequence[Measure]) -> None:
    for measure in measures:
        if run.depth is not None and (measure.cutoff or 0) > run.depth:
            raise MeasureError(
                f"{measure} looks at {measure.cutoff} hits, but only {run.depth} were asked for",
                remedy="raise evaluation.depth",
            )


def _values(
    run: Run,
    judgments: Judgments,
    queries: Sequence[JudgedQuery],
    measures: Sequence[Measure],
    *,
    judged_only: bool,
) -> dict[Measure, Mapping[str, float]]:
    # Numbers instead of ids: some of the libraries below take nothing else.
    numbers = {query.key: str(number) for number, query in enumerate(queries, start=1)}
    products = _Numbering()
    qrels = {
        numbers[query.key]: {products.of(i): grade for i, grade in judgments.grades(query).items()}
        for query in queries
    }
    rankings: dict[str, dict[str, float]] = {}
    for query in queries:
        ranking = run.ranking(query)
        if judged_only:
            grades = judgments.grades(query)
            ranking = tuple(product_id for product_id in ranking if product_id in grades)
        if ranking:
            # Strictly decreasing, since the libraries break ties each in its own way.
            rankings[numbers[query.key]] = {
                products.of(product_id): float(len(ranking) - place)
                for place, product_id in enumerate(ranking)
            }
    keys = {number: key for key, number in numbers.items()}
    by_name = {measure.plain_name: measure for measure in measures}
    values: dict[Measure, dict[str, float]] = {measure: {} for measure in measures}
    for result in _calculate(list(by_name), qrels, rankings):
        values[by_name[repr(result.measure)]][keys[result.query_id]] = float(result.value)
    # The order of the queries, so that equal evaluations are equal to the last digit of their mean.
    return {
        measure: {query.key: found[query.key] for query in queries}
        for measure, found in values.items()
    }


def _calculate(
    names: Sequence[str],
    qrels: Mapping[str, Mapping[str, int]],
    rankings: Mapping[str, Mapping[str, float]],
) -> list[ir_measures.Metric]:
    parsed = [ir_measures.parse_measure(name) for name in names]
    highest = max(grade for grades in qrels.values() for grade in grades.values())
    if highest > _ERR_GRADES and any(measure.NAME in _PERL_MEASURES for measure in parsed):
        raise MeasureError(
            f"ERR takes grades from 0 to {_ERR_GRADES}, but there is a grade {highest}",
            remedy="map the grades to fewer, or leave ERR out",
        )
    return list(ir_measures.iter_calc(parsed, qrels, rankings))


_ERR_GRADES = 4
"""The highest grade that the TREC Web track's script, which ir-measures runs for ERR, takes."""


class _Numbering:
    """Gives each product the same number wherever it appears."""

    def __init__(self) -> None:
        self._numbers: dict[str, str] = {}

    def of(self, product_id: str) -> str:
        return self._numbers.setdefault(product_id, str(len(self._numbers) + 1))
