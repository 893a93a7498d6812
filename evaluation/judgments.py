"""Which products are good for which query: what search is measured against."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

_FILTER_SEPARATOR = "\x1f"
"""Between text and filters in a key: ASCII's unit separator, which no query has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedQuery:
    """A query as a shopper would send it. Text and filters tell queries apart."""

    text: str
    filters: tuple[str, ...] = ()
    """As `shopkeeper search --filter` takes them."""
    frequency: float | None = field(default=None, compare=False)
    """How often shoppers send it, in any unit; `None`: not known."""

    @property
    def key(self) -> str:
        """The query as one word without spaces: its id in TREC files and in every mapping here."""
        return quote(_FILTER_SEPARATOR.join((self.text, *self.filters)), safe="")

    @classmethod
    def from_key(cls, key: str) -> "JudgedQuery":
        """Return the query of a key; any other id is taken as the query's text."""
        text, *filters = unquote(key).split(_FILTER_SEPARATOR)
        query = cls(text=text, filters=tuple(filters))
        return query if query.key == key else cls(text=key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgment:
    """How good one product is for one query."""

    query: JudgedQuery
    product_id: str
    grade: int
    """0: wrong; the higher, the better."""
    sessions: int | None = None
    """Shoppers' sessions that the grade was derived from; `None`: a person gave it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgments:
    """The judgments of many queries, one a query and product."""

    queries: tuple[JudgedQuery, ...]
    """In the order in which they first appear."""
    qrels: Mapping[str, Mapping[str, int]]
    """Query's key → product id → grade."""
    sessions: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """Query's key → product id → sessions behind the grade, for derived judgments."""

    @classmethod
    def of(cls, judgments: Iterable[Judgment]) -> "Judgments":
        """Collect judgments; of two for the same query and product the later one counts."""
        queries: dict[str, JudgedQuery] = {}
        qrels: dict[str, dict[str, int]] = {}
        sessions: dict[str, dict[str, int]] = {}
        for each in judgments:
            key = each.query.key
            known = queries.setdefault(key, each.query)
            if known.frequency is None and each.query.frequency is not None:
                queries[key] = each.query
            qrels.setdefault(key, {})[each.product_id] = each.grade
            if each.sessions is not None:
                sessions.setdefault(key, {})[each.product_id] = each.sessions
        return cls(queries=tuple(queries.values()), qrels=qrels, sessions=sessions)

    def __iter__(self) -> Iterator[Judgment]:
        """Give every judgment, query by query."""
        for query in self.queries:
            key = query.key
            sessions = self.sessions.get(key, {})
            for product_id, grade in self.qrels[key].items():
                yield Judgment(
                    query=query,
                    product_id=product_id,
                    grade=grade,
                    sessions=sessions.get(product_id),
                )

    def __len__(self) -> int:
        """Count the judgments."""
        return sum(len(grades) for grades in self.qrels.values())

    def grades(self, query: JudgedQuery) -> Mapping[str, int]:
        """Return product id → grade of a query; empty for a query that was not judged."""
        return self.qrels.get(query.key, {})

    def measurable(self) -> tuple[JudgedQuery, ...]:
        """Return the queries that have a product of grade 1 or more."""
        return tuple(query for query in self.queries if any(self.grades(query).values()))

    def without_relevant(self) -> tuple[JudgedQuery, ...]:
        """Return the queries that have none: no ranking of theirs is better than another."""
        return tuple(query for query in self.queries if not any(self.grades(query).values()))

    def only(self, queries: Collection[JudgedQuery]) -> "Judgments":
        """Return the judgments of some of the queries, in the same order."""
        kept = set(queries)
        return Judgments.of(judgment for judgment in self if judgment.query in kept)

    def product_ids(self) -> frozenset[str]:
        """Return every judged product."""
        return frozenset(product_id for grades in self.qrels.values() for product_id in grades)

    def unknown_products(self, indexed: Collection[str]) -> Mapping[str, int]:
        """Return the judged products that an index does not have, and their judgments' number.

        Args:
            indexed: the judged products that it has.
        """
        counts: dict[str, int] = {}
        for judgment in self:
            if judgment.product_id not in indexed:
                counts[judgment.product_id] = counts.get(judgment.product_id, 0) + 1
        return counts
