"""Which settings `tune` may move, and to which values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from search_core import TuningError
from search_core.settings import FieldBoosts, FusionMethod

SettingValue = str | int | float | bool

Setting = Mapping[str, SettingValue]
"""Dotted name → value; settings that are not named stay as they are."""


class TuningSpace(StrEnum):
    """What is tuned."""

    FUSION = "fusion"
    """Weights of the legs, method and rank constant: costs no search."""
    FIELDS = "fields"
    """Field boosts of both BM25 legs and minimum_should_match."""
    ALL = "all"
    """Both, and the candidates of a leg."""


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
_BOOSTS = (0.0, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0)
_FIELDS = (
    *(
        Tunable(name=f"retrieval.{leg}_boosts.{field}", values=_BOOSTS)
        for leg in ("all_terms", "some_terms")
        for field in FieldBoosts.model_fields
    ),
    Tunable(
        name="retrieval.minimum_should_match", values=("1", "-75%", "-67%", "-50%", "-34%", "-25%")
    ),
)
_CANDIDATES = Tunable(name="retrieval.candidates", values=(100, 200, 400))

_SPACES: dict[TuningSpace, tuple[Tunable, ...]] = {
    TuningSpace.FUSION: _FUSION,
    TuningSpace.FIELDS: _FIELDS,
    TuningSpace.ALL: (*_FUSION, *_FIELDS, _CANDIDATES),
}


def tunables(space: TuningSpace, present: Setting, only: Sequence[str] = ()) -> tuple[Tunable, ...]:
    """Return what is tuned, the present value of each among its values.

    Args:
        space: which settings.
        present: the value of every setting in it.
        only: parts of names; settings with none of them stay as they are. Empty: all are tuned.

    Raises:
        TuningError: nothing is left, or a part of a name names nothing.
    """
    chosen = _SPACES[space]
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
