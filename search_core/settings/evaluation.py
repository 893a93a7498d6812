"""How search is measured."""

from typing import Annotated

from pydantic import Field

from search_core.settings.section import CommaSeparated, PositiveInt, Section


class EvaluationSettings(Section):
    """`[evaluation]`: how search is measured and when a change passes the gate."""

    measures: CommaSeparated = ("nDCG@10", "RR@10", "P@10", "R@100", "Judged@10")
    """As ir-measures writes them; the first decides comparisons and gates. Each is also taken on
    the judged hits alone."""
    depth: Annotated[int, Field(ge=10, le=1000)] = 1000
    """Hits asked for each query. Measures on the judged hits alone need many, since most hits of a
    deep result are not judged."""
    confidence: Annotated[float, Field(gt=0.5, lt=1)] = 0.95
    """Of intervals, and with which a candidate has to win."""
    resamples: Annotated[int, Field(ge=99)] = 9_999
    """Drawn for each interval and p-value. More: steadier last digits, slower."""
    seed: Annotated[int, Field(ge=0)] = 0
    """Equal seeds draw equal resamples, so that a verdict can be repeated."""
    margin: Annotated[float, Field(ge=0)] = 0.0
    """What a candidate has to win by, on the deciding measure, to pass the gate."""
    class_limit: Annotated[float, Field(ge=0)] = 0.02
    """How much a candidate may lose on any class of queries and still pass."""
    class_queries: PositiveInt = 5
    """A class of fewer queries is shown, but decides nothing: chance moves its mean too far."""
    latency_budget_ms: Annotated[float, Field(gt=0)] | None = None
    """95 of 100 first pages have to come within it for a candidate to pass; unset: no budget."""
    cache: bool = True
    """Keep answers on disk, and reuse them while configuration, index and queries are the same."""
