"""How a query is answered."""

from typing import Annotated

from pydantic import Field

from search_core.setting_choices import FusionMethod
from search_core.settings.section import PositiveInt, Section, Weight


class FusionSettings(Section):
    """`[retrieval.fusion]`. The defaults are measured in docs/relevance.md."""

    method: FusionMethod = FusionMethod.RECIPROCAL_RANK
    """`reciprocal_rank` looks at ranks only and needs no tuning; the others mix scores."""
    all_terms_weight: Weight = 1.0
    """Weight of the BM25 leg in which every term has to match."""
    some_terms_weight: Weight = 0.5
    """Weight of the BM25 leg in which some terms have to match."""
    dense_weight: Weight = 1.25
    """Weight of the k-NN leg."""
    rank_constant: PositiveInt = 60
    """How fast a leg's vote falls with rank. Source: Cormack, Clarke and Büttcher 2009."""


class FieldBoosts(Section):
    """How much a term counts in each field of a BM25 leg; 0 leaves the field out."""

    title: Weight = 1.0
    """The product's title."""
    product_type: Weight = 1.0
    """What the product is."""
    brand: Weight = 1.0
    """The brand's name."""
    category: Weight = 1.0
    """All steps of the category path."""
    description: Weight = 1.0
    """The description."""
    attributes: Weight = 1.0
    """The values of all attributes."""
    codes: Weight = 1.0
    """EAN, SKU and model number."""
    tags: Weight = 1.0
    """Generated tags, and those of a person. A word counts in the field where it counts most, so
    that 1 finds more products without moving those that say it themselves (docs/tags.md)."""
    thesaurus: Weight = 0.0
    """Tags from a thesaurus. Where some terms are enough, a product has some of them anyway, and
    its other names only put it above those that were meant."""


class AllTermsBoosts(FieldBoosts):
    """How much a term counts in each field of the leg in which every term has to match.

    Defaults of its own, so that a file which sets one field leaves the others as they are. A term
    counts in the field where it counts most. Measured in docs/relevance.md.
    """

    product_type: Weight = 3.0
    """What the product is: a word there names the kind of thing that is looked for."""
    attributes: Weight = 0.3
    """The values of all attributes. What says a word in title or description is more often meant
    than what lists it among its properties."""
    thesaurus: Weight = 0.3
    """Tags from a thesaurus: `couch` finds sofas. Measured in docs/tags.md."""


class RetrievalSettings(Section):
    """`[retrieval]`: how a query is answered."""

    all_terms: bool = True
    """The BM25 leg in which every term has to match. Its matches are the result's body: totals,
    facets and deep pages count them all."""
    some_terms: bool = True
    """The BM25 leg in which some terms have to match: what is found when not all do."""
    dense: bool = True
    """The k-NN leg."""
    candidates: Annotated[int, Field(ge=10, le=1000)] = 200
    """Products that each leg proposes. More: better recall, slower."""
    dense_floor: Annotated[float, Field(ge=0, le=1)] = 0.4
    """Candidates of the k-NN leg whose cosine is below this share of the best one's are left out,
    so that totals and facets do not count what only a vector search would propose. Higher: shorter,
    cleaner results, less recall. Measured in docs/relevance.md."""
    all_terms_boosts: AllTermsBoosts = AllTermsBoosts()
    """A product whose title has the words is more often meant than one that mentions them."""
    some_terms_boosts: FieldBoosts = FieldBoosts()
    """Even weights: this leg looks at the same words in another way than the first."""
    minimum_should_match: Annotated[str, Field(pattern=r"^[-\d%<\s]+$")] = "-50%"
    """How many terms the second leg needs, in OpenSearch's notation; `-50%`: half, rounded up."""
    remembered_bytes: Annotated[int, Field(ge=0)] = 32_000_000
    """Documents of recent pages kept in memory, as JSON: 2 to 3 kB for a product of an electronics
    catalogue. One that has not changed since is not fetched again, which saves a page most of its
    second round trip; 0 keeps none."""
    remembered_vectors: Annotated[int, Field(ge=0)] = 10_000
    """Vectors of recent queries kept in memory, 1.5 kB each with 384 dimensions: a query that was
    asked lately is not encoded again. 0 keeps none."""
    recurring_queries: Annotated[int, Field(ge=0)] = 10_000
    """Recent queries, with their filters, that are kept in mind, 0.2 kB each. The legs of one that
    comes again are kept in OpenSearch's request cache, which drops them when a refresh shows a
    change of the index; 0 keeps none there. Set it to 0 where the index changes every second, or
    where other searches need that cache (`indices.requests.cache.size`, 1% of the heap; a query's
    legs take 13 kB). It is used even where `index.requests.cache.enable` of the index is false:
    OpenSearch heeds the request first."""
    running_text_boost: Weight = 0.25
    """What a product gains in the second leg by having all words in its title and description, as a
    factor of what they score there: words that stand together in what is written about it say more
    than the same words spread over its attributes. 0: nothing. Measured in docs/relevance.md."""
    relax_below: Annotated[int, Field(ge=0, le=100)] = 1
    """When the BM25 legs find fewer products than this, the least informative words need not be
    there (up to three more searches, for these queries alone); 0: never. Needs
    `query_understanding.relaxation`. Higher costs relevance where the k-NN leg answers well."""
    zero_result_fallback: bool = True
    """When no leg finds anything, accept words that differ by a letter or two."""
    collapse_variants: bool = False
    """Show one product a variant group, the best-ranked."""
    deadline_ms: PositiveInt = 2_000
    """A search that has no answer by then ends with an error."""
    fusion: FusionSettings = FusionSettings()
    """How the legs' results become one ranking."""
