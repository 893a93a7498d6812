"""`ext.shopkeeper`: what a single search wants otherwise than the settings say."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from search_core import MalformedRequestError
from search_core.settings import FusionMethod, RetrievalSettings

Weight = Annotated[float, Field(ge=0, le=1000)]


class LegWeights(BaseModel):
    """Weight of each leg in the fusion; a leg that is not named keeps its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    all_terms: Weight | None = None
    some_terms: Weight | None = None
    dense: Weight | None = None


class SearchOverrides(BaseModel):
    """The content of `ext.shopkeeper` in a search's body."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    off: bool = False
    """Pass this search through."""
    legs: frozenset[str] | None = Field(default=None, max_length=3)
    """Only these of `all_terms`, `some_terms`, `dense`."""
    weights: LegWeights = LegWeights()
    fusion: FusionMethod | None = None
    window: Annotated[int, Field(ge=10, le=1000)] | None = None
    """Candidates of each leg."""
    understand: bool = True
    """Off takes the words as they are."""
    explain: bool = False
    """Add plan, legs' scores and sentences to the answer."""

    def applied_to(self, settings: RetrievalSettings) -> RetrievalSettings | None:
        """Return the settings of this search, or `None` when nothing differs."""
        changed: dict[str, object] = {}
        if self.legs is not None:
            changed |= {leg: leg in self.legs for leg in ("all_terms", "some_terms", "dense")}
        if self.window is not None:
            changed["candidates"] = self.window
        fusion: dict[str, object] = {
            f"{leg}_weight": weight
            for leg, weight in self.weights.model_dump(exclude_none=True).items()
        }
        if self.fusion is not None:
            fusion["method"] = self.fusion
        if fusion:
            changed["fusion"] = settings.fusion.model_copy(update=fusion)
        return settings.model_copy(update=changed) if changed else None


_LEGS = frozenset({"all_terms", "some_terms", "dense"})


def read_overrides(ext: object) -> SearchOverrides:
    """Read the overrides in a search's `ext`, of which other parts are other plugins'.

    Raises:
        MalformedRequestError: an unknown key, or a value out of range.
    """
    given = ext.get("shopkeeper", {}) if isinstance(ext, Mapping) else {}
    try:
        overrides = SearchOverrides.model_validate(given)
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(["ext.shopkeeper", *(str(part) for part in problem["loc"])])
        raise MalformedRequestError(
            f"{place}: {problem['msg']}", remedy="docs/query_proxy.md lists what can be overridden"
        ) from error
    if overrides.legs is not None and (not overrides.legs or not overrides.legs <= _LEGS):
        raise MalformedRequestError(
            "ext.shopkeeper.legs names no legs that there are",
            remedy="name some of all_terms, some_terms and dense",
        )
    return overrides
