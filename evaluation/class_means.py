"""How well one system answers each kind of queries."""

from dataclasses import dataclass

from evaluation.measures import Evaluation
from evaluation.query_classes import Dimension, query_classes


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassMean:
    """The deciding measure on one kind of queries."""

    dimension: Dimension
    name: str
    queries: int
    mean: float


def class_means(evaluation: Evaluation) -> tuple[ClassMean, ...]:
    """Return the mean of the first measure on each class of the measured queries."""
    values = evaluation.values[evaluation.measures[0]]
    return tuple(
        ClassMean(
            dimension=dimension,
            name=name,
            queries=len(queries),
            mean=sum(values[query.key] for query in queries) / len(queries),
        )
        for dimension, classes in query_classes(evaluation.queries, (evaluation.run,)).items()
        for name, queries in classes.items()
    )
