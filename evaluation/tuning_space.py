"""Which settings `tune` may move, and to which values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from search_core import TuningError
from search_core.settings import BusinessSignals, FieldBoosts, FusionMethod, RerankerKind

SettingValue = str | int | float | bool

Setting = Mapping[str, SettingValue]
"""Dotted name → value; settings that are not named stay as they are."""


class TuningSpace(StrEnum):
    """What is tuned."""

    FUSION = "fusion"
    """Weights of the legs, method and rank constant: costs no search."""
    FIELDS = "fields"
    """Field boosts of both BM25 legs, the boost of running text and minimum_should_match."""
    RERANKING = "reranking"
    """The cross-encoder's share, the window, and the business signals that have a weight."""
    ALL = "all"
    """Fusion, fields and the candidates of a leg; reranking too where a reranker is set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tunable:
    """One setting and the values that it may take."""

    name: str
    values: tuple[SettingValue, ...]
    ordered: bool = True
    """Neighbouring values act alike, as numbers do and methods do not."""

    def including(self, value: SettingValue) -> "Tunable":
        """Return the same with the present value among the others, in order."""
        if value in self.values:
            return self
        values = (*self.values, value)
        if self.ordered and all(isinstance(each, int | float) for each in values):
            values = tuple(sorted(values, key=float))
        return Tunable(name=self.name, values=values, ordered=self.ordered)


# A few values each: with some dozens of queries, finer steps only fit their noise. The weight of
# the first leg is not tuned, since only the weights' ratio counts.
_FUSION = (
    Tunable(
        name="retrieval.fusion.some_terms_weight", values=(0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0)
    ),
    Tunable(
        name="retrieval.fusion.dense_weight", values=(0.0, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0)
    ),
    Tunable(
        name="retrieval.fusion.method",
        values=tuple(method.value for method in FusionMethod),
        ordered=False,
    ),
    Tunable(name="retrieval.fusion.rank_constant", values=(5, 10, 20, 40, 60, 100)),
)
_BOOSTS = (0.0, 0.3, 0.5, 1.0, 2.0, 3.0, 5.0)
_FIELDS = (
    *(
        Tunable(name=f"retrieval.{leg}_boosts.{field}", values=_BOOSTS)
        for leg in ("all_terms", "some_terms")
        for field in FieldBoosts.model_fields
    ),
    Tunable(name="retrieval.running_text_boost", values=(0.0, 0.25, 0.5, 1.0, 2.0)),
    Tunable(
        name="retrieval.minimum_should_match", values=("1", "-75%", "-67%", "-50%", "-34%", "-25%")
    ),
)
_CANDIDATES = Tunable(name="retrieval.candidates", values=(100, 200, 400))

_RERANK_WEIGHT = Tunable(
    name="reranker.weight", values=(0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0)
)
_WINDOWS = Tunable(name="reranker.rerank_window", values=(10, 20, 30, 50, 100, 200))
_BUSINESS = tuple(
    Tunable(name=f"reranker.business.{signal}", values=(0.0, 0.05, 0.1, 0.2, 0.4))
    for signal in BusinessSignals.model_fields
    if signal.endswith("_weight")
)


def reranks(space: TuningSpace, present: Setting) -> bool:
    """Whether rankings under this space are reranked: what is tuned there depends on it.

    Args:
        space: which settings.
        present: has `reranker.kind`.
    """
    is_on = present["reranker.kind"] != RerankerKind.NONE
    return is_on and space in (TuningSpace.RERANKING, TuningSpace.ALL)


def tunables(space: TuningSpace, present: Setting, only: Sequence[str] = ()) -> tuple[Tunable, ...]:
    """Return what is tuned, the present value of each among its values.

    Args:
        space: which settings.
        present: the value of every setting in it.
        only: parts of names; settings with none of them stay as they are. Empty: all are tuned.

    Raises:
        TuningError: nothing is left, a part of a name names nothing, or reranking is to be tuned
            without a reranker.
    """
    chosen = _tunables_of(space, present)
    for part in only:
        if not any(part in each.name for each in chosen):
            raise TuningError(
                f"{part!r} names nothing that `{space}` tunes",
                remedy="the settings are: " + ", ".join(each.name for each in chosen),
            )
    return tuple(
        each.including(present[each.name])
        for each in chosen
        if not only or any(part in each.name for part in only)
    )


def _tunables_of(space: TuningSpace, present: Setting) -> tuple[Tunable, ...]:
    match space:
        case TuningSpace.FUSION:
            return _FUSION
        case TuningSpace.FIELDS:
            return _FIELDS
        case TuningSpace.RERANKING:
            if not reranks(space, present):
                raise TuningError(
                    "there is no reranker, so that nothing about it can be tuned",
                    remedy="set one, e.g. --set reranker.kind=onnx",
                )
            return _reranking(present)
        case TuningSpace.ALL:
            more = _reranking(present) if reranks(space, present) else ()
            return (*_FUSION, *_FIELDS, _CANDIDATES, *more)


def _reranking(present: Setting) -> tuple[Tunable, ...]:
    """Return what may be moved about the reranker.

    Windows are never larger than the present one: the measure does not see the time they take. A
    business signal without a weight stays without: what a shop wants besides relevance is not in
    the judgments.
    """
    largest = present[_WINDOWS.name]
    narrower = tuple(each for each in _WINDOWS.values if float(each) <= float(largest))
    # Learned mixing has weights of its own.
    weight = () if present.get("reranker.mixing_model") else (_RERANK_WEIGHT,)
    return (
        *weight,
        Tunable(name=_WINDOWS.name, values=narrower),
        *(each for each in _BUSINESS if present[each.name]),
    )
