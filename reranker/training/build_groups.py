"""Training groups: from generated queries, or from judgments."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reranker.training.generated_queries import GeneratedQuery, QuerySource
from reranker.training.kind_agreement import KindAgreement
from reranker.training.query_families import query_families
from reranker.training.query_noise import noisy
from reranker.training.training_group import TrainingGroup
from reranker.training.training_product import TrainingCatalogue
from search_core.settings import RerankerTrainingSettings

CandidateFinder = Callable[[Sequence[str]], Sequence[Sequence[str]]]
"""Queries → for each the ids of products, best first, as the present search finds them."""
Teacher = Callable[[Sequence[tuple[str, str]]], Sequence[float]]
"""Pairs of query and passage → a logit each; NaN for a query in a language that it cannot read."""

_TOP = 10
_SHARE_OF_TOP = 3
"""A third of a list; more where the search found little else."""
_LEAST_AGREEMENT = 0.5
"""Where no candidate's neighbours are called as the query says, its words name no kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedProducts:
    """A judged query."""

    query: str
    grades: Mapping[str, float]
    """Product id → grade; higher is better."""


def groups_from_catalogue(
    queries: Sequence[GeneratedQuery],
    catalogue: TrainingCatalogue,
    agreement: KindAgreement,
    find: CandidateFinder,
    teacher: Teacher | None,
    settings: RerankerTrainingSettings,
) -> tuple[TrainingGroup, ...]:
    """Return groups whose targets are the teacher's logits and the agreement of kinds.

    Both are divided by their spread over all pairs, since neither has a scale of its own.

    Args:
        queries: generated from these products.
        catalogue: the products.
        agreement: of these products.
        find: the present search: what it finds are the hard cases that the model will see.
        teacher: `None`: agreement alone, as for the queries that it cannot read.
        settings: list size, share of the teacher, sharpness, noise, seed.
    """
    choose = random.Random(settings.seed)  # noqa: S311 - no secret
    competing = _competing(queries, catalogue, find, choose, settings)
    agreement.look_up([place for each in competing for place in each])
    lists = [
        each
        for query, places in zip(queries, competing, strict=True)
        if (each := _List.of(query, places, agreement)).names_a_kind
    ]
    texts = [_typed(each.query.text, choose, settings.noise_share) for each in lists]
    targets = _targets(lists, catalogue, teacher, settings.teacher_share)
    groups = [
        TrainingGroup(
            query=text,
            passages=each.passages(catalogue),
            targets=tuple((settings.sharpness * of_list).tolist()),
            family=each.query.family,
            source=each.query.source.value,
        )
        for text, each, of_list in zip(texts, lists, targets, strict=True)
    ]
    return tuple(each for each in groups if each.is_informative)


def groups_from_judgments(
    judged: Sequence[JudgedProducts],
    catalogue: TrainingCatalogue,
    settings: RerankerTrainingSettings,
) -> tuple[TrainingGroup, ...]:
    """Return groups whose targets are grades, divided by their spread.

    Args:
        judged: by people, or derived from clicks. Products that are gone are left out.
        catalogue: the products.
        settings: list size, sharpness, seed.
    """
    passages = {product.id: product.passage for product in catalogue.products}
    choose = random.Random(settings.seed)  # noqa: S311 - no secret
    spread = float(np.std([grade for each in judged for grade in each.grades.values()])) or 1.0
    families = query_families([each.query for each in judged])
    groups = []
    for each in judged:
        known = [(passages[key], grade) for key, grade in each.grades.items() if key in passages]
        choose.shuffle(known)
        groups += [
            TrainingGroup(
                query=each.query,
                passages=tuple(passage for passage, _ in part),
                targets=tuple(settings.sharpness * grade / spread for _, grade in part),
                family=families[each.query],
                source=QuerySource.JUDGMENTS.value,
            )
            for part in _parts(known, settings.list_size)
        ]
    return tuple(each for each in groups if each.is_informative)


@dataclass(frozen=True, slots=True, kw_only=True)
class _List:
    """A generated query with the products that compete for it."""

    query: GeneratedQuery
    places: Sequence[int]
    """In the catalogue."""
    agreement: Sequence[float]
    """Of each product's kind with the query."""

    @classmethod
    def of(cls, query: GeneratedQuery, places: Sequence[int], agreement: KindAgreement) -> "_List":
        scores = [agreement.score(query, place) for place in places]
        return cls(query=query, places=places, agreement=scores)

    @property
    def names_a_kind(self) -> bool:
        return max(self.agreement, default=0.0) >= _LEAST_AGREEMENT

    def passages(self, catalogue: TrainingCatalogue) -> tuple[str, ...]:
        return tuple(catalogue.products[place].passage for place in self.places)


def _competing(
    queries: Sequence[GeneratedQuery],
    catalogue: TrainingCatalogue,
    find: CandidateFinder,
    choose: random.Random,
    settings: RerankerTrainingSettings,
) -> list[list[int]]:
    """Return for each query the places of products that the present search finds for it."""
    places = {product.id: place for place, product in enumerate(catalogue.products)}
    return [
        _chosen([places[each] for each in found if each in places], len(places), choose, settings)
        for found in find([query.text for query in queries])
    ]


def _typed(text: str, choose: random.Random, noise_share: float) -> str:
    return noisy(text, choose) if choose.random() < noise_share else text


def _targets(
    lists: Sequence[_List],
    catalogue: TrainingCatalogue,
    teacher: Teacher | None,
    teacher_share: float,
) -> list[NDArray[np.float64]]:
    """Return how good each list's products are, in standard deviations over all pairs."""
    targets = _spread([score for each in lists for score in each.agreement])
    if teacher is not None:
        # It reads the query without slips: they are for the pupil to overcome.
        pairs = [
            (each.query.text, passage) for each in lists for passage in each.passages(catalogue)
        ]
        targets = _taught(np.asarray(teacher(pairs), float), targets, teacher_share)
    ends = np.cumsum([len(each.places) for each in lists])
    return np.split(targets, ends[:-1]) if lists else []


def _taught(
    logits: NDArray[np.float64], agreement: NDArray[np.float64], share: float
) -> NDArray[np.float64]:
    """Mix both where there is a logit."""
    read = ~np.isnan(logits)
    targets = agreement.copy()
    targets[read] = share * _spread(logits[read]) + (1 - share) * agreement[read]
    return targets


def _chosen(
    found: Sequence[int], number: int, choose: random.Random, settings: RerankerTrainingSettings
) -> list[int]:
    """Return some of the first ten, more of the rest, and one from anywhere in the catalogue."""
    size = settings.list_size
    top, rest = list(found[:_TOP]), list(found[_TOP : settings.candidates])
    from_top = max((size - 1) // _SHARE_OF_TOP, size - 1 - len(rest))
    picked = choose.sample(top, min(len(top), from_top))
    picked += choose.sample(rest, min(len(rest), size - 1 - len(picked)))
    picked.append(choose.randrange(number))
    return list(dict.fromkeys(picked))


def _parts(known: Sequence[tuple[str, float]], size: int) -> Iterator[Sequence[tuple[str, float]]]:
    """Yield lists of nearly the same length, none longer than wanted."""
    number = -(-len(known) // size)
    for start in range(number):
        yield known[start::number]


def _spread(values: Sequence[float] | NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the values divided by their standard deviation."""
    found = np.asarray(values, float)
    deviation = float(found.std()) if found.size else 0.0
    return found / deviation if deviation > 0 else found
