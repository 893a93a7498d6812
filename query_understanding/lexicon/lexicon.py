"""What is known of a catalogue's language: words, brands, kinds of product, attribute values."""

from collections.abc import Mapping
from dataclasses import dataclass, field

NO_KIND = -1
"""Place of the products of which the catalogue does not say what they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedCount:
    """A name as the catalogue writes it most often, and how many products bear it."""

    name: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductKind:
    """A product type, or a narrowest category where products have no type."""

    name: str
    """As products are filtered by it."""
    field: str
    """`product_type` or `category`."""
    count: int
    median_price: float | None
    """`None`: none of its products has a price."""
    attributes: tuple[str, ...] = ()
    """Names of attributes that a good part of its products have, as the catalogue writes them."""
    path: tuple[str, ...] = ()
    """Categories that most of its products stand in, the widest first, without the kind itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryCalibration:
    """How shares of categories are weighed: found on the catalogue's own titles."""

    temperature: float = 1.5
    """Logarithms are divided by it: words of a title are not as independent as they are taken."""
    pair_weight: float = 0.3
    """Of two words side by side, beside each of them alone."""
    doubt: float = 0.05
    """Titles of other kinds that each word is taken to stand in besides those that were seen."""
    size_weight: float = 1.0
    """Of how many products a kind has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeValue:
    """A value that products have for an attribute."""

    attribute: str
    """Name of the attribute as the catalogue writes it; `true` values of yes-no attributes stand
    under their own name."""
    value: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredAttribute:
    """A numeric attribute whose unit is known, or that is a count."""

    name: str
    """Key of the attribute."""
    dimension: str
    """`mass`, `length`, `data` …, or `number`."""
    factor: float
    """How much of the dimension's smallest unit one of the attribute's is."""
    count: int
    """Products that have it."""
    low: float
    """The least value, in the attribute's unit."""
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Joinable:
    """Two words that the catalogue also writes as one."""

    first: str
    second: str
    apart_count: int
    """Products whose title has the two side by side."""
    joined_count: int
    """Products that have them as one word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """Everything that the rewriters know of a catalogue. Keys are phrases: see `phrase_key`."""

    products: int = 0
    language: str | None = None
    """ISO 639-1 of most products; `None`: the catalogue does not say."""
    words: Mapping[str, int] = field(default_factory=dict)
    """Folded word → products that have it."""
    brands: Mapping[str, NamedCount] = field(default_factory=dict)
    kinds: tuple[ProductKind, ...] = ()
    kind_places: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """Name of a kind → its places in `kinds`: two categories can share a name."""
    counterparts: tuple[tuple[int, int], ...] = ()
    """Places in `kinds` of two that are the same in different scripts (`手机壳`, `Phone case`)."""
    foreign_words: Mapping[str, str] = field(default_factory=dict)
    """Folded word of titles → the language it is told by: another than the main one, written in the
    same letters."""
    word_kinds: Mapping[str, Mapping[int, int]] = field(default_factory=dict)
    """Word of titles → place in `kinds` → products of that kind that have it. `NO_KIND`: products
    without a kind."""
    pair_kinds: Mapping[str, Mapping[int, int]] = field(default_factory=dict)
    """Two words side by side in titles → place in `kinds` → products; only the frequent ones."""
    kindless: int = 0
    """Products of which the catalogue does not say what they are."""
    category_calibration: CategoryCalibration = field(default_factory=CategoryCalibration)
    values: Mapping[str, tuple[AttributeValue, ...]] = field(default_factory=dict)
    """Most frequent first."""
    joinables: Mapping[str, Joinable] = field(default_factory=dict)
    """The joined word → its parts."""
    pairs: Mapping[str, int] = field(default_factory=dict)
    """Two words side by side in titles (`wireless mouse`) → products; only the frequent ones."""
    fitted: Mapping[str, tuple[AttributeValue, ...]] = field(default_factory=dict)
    """Name of a product → the attributes by which others say that they fit it, the most frequent
    first."""
    measured: tuple[MeasuredAttribute, ...] = ()
    """The most frequent first."""
    companions: Mapping[str, int] = field(default_factory=dict)
    """Two words of one title wherever they stand, in alphabetical order (`mouse wireless`) →
    products; only the frequent ones."""
    number_forms: Mapping[str, str] = field(default_factory=dict)
    """English word → its plural or singular, as titles have it, where a search for the one does not
    find the other."""
    written_out: Mapping[str, str] = field(default_factory=dict)
    """Acronym (`ssd`) → what titles write for it (`solid state drive`)."""
    quantities: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """Quantity → how the catalogue writes it → products."""
    cjk_pairs: Mapping[str, int] = field(default_factory=dict)
    """Two Chinese characters side by side in titles, brands, kinds and values → products."""
    cheap_price: float | None = None
    """A quarter of the products cost less; `None`: there are no prices."""
    dear_price: float | None = None
    """A quarter of the products cost more."""

    @property
    def is_empty(self) -> bool:
        """Say whether nothing was learned: rewriters that need a catalogue then do nothing."""
        return self.products == 0

    def knows(self, word: str) -> bool:
        """Say whether the catalogue has a folded word."""
        return word in self.words
