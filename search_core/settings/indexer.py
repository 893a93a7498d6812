"""How a catalogue becomes a generation."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from search_core.settings.section import PositiveInt, Section


class TagSettings(Section):
    """`[indexer.tags]`: what products get as generated tags. Measured in docs/tags.md."""

    product_kinds: bool = False
    """What the thing is, where its title does not say it: learned from like products."""
    measures: bool = False
    """Sizes and amounts in other units: `39.6 cm` for `15.6"`. Query understanding does the same
    for units that the catalogue has; worth it where that is off."""
    key_phrases: bool = False
    """Phrases of the description that set a product apart."""
    uses: bool = True
    """Whom and what it is for, from the description and from attributes such as an age."""
    alternative_names: bool = True
    """Other names that the catalogue itself shows: acronyms, joined and split words, `also called`,
    names in two scripts, and descriptions that are only a name."""
    thesaurus: bool = True
    """Other names of what it is, and the next wider name, from WordNet: `couch` and `lounge` of a
    sofa, `sweater` of a cardigan. English products alone, and only names whose meaning the index's
    model sees in the product. 11 MB are fetched once."""
    language_model: bool = False
    """Tags that the language model of `[llm]` writes, besides those of the rules. Every product's
    text is sent to it once (docs/language_models.md)."""
    most: PositiveInt = 12
    """Tags a product has at most, those of a person not counted. More: found by more words."""
    least_confidence: Annotated[float, Field(ge=0, le=1)] = 0.3
    """Tags that are less sure are left out. Lower: more products found, more of them wrongly."""
    learned_from: PositiveInt = 2_000
    """Rows that are looked at first, to learn from. More: rarer words are learned, a later start;
    of standard input, which is read once, they are held in memory."""
    in_passage: Annotated[int, Field(ge=0)] = 0
    """Tags that are encoded after title, product type and description. 0: vectors do not depend on
    tags, and stay in the cache when tags change."""


class RaySettings(Section):
    """`[indexer.ray]`: the cluster that tags and encodes for `shopkeeper reindex --runner ray`."""

    address: str | None = None
    """Of a running cluster, as `ray.init` takes it (`auto`, `ray://head:10001`). Unset: one is
    started on this machine for the run."""
    workers: PositiveInt = 2
    """Processes that tag and encode. Each loads the model once."""
    cpus_per_worker: Annotated[float, Field(gt=0)] = 1.0
    """Cores that the cluster sets aside for each. `encoders.threads` says how many it uses."""
    gpus_per_worker: Annotated[float, Field(ge=0)] = 0.0
    """GPUs that the cluster sets aside for each; a part of one is shared."""


class TaxonomySettings(Section):
    """`[indexer.taxonomy]`: the categories of a file that products are placed in."""

    file: Path | None = None
    """Shopify's or Google's product taxonomy, or any list of paths (docs/taxonomy.md). The names of
    the category that a product is placed in become tags of it. Unset: products are not placed."""
    certainty: Annotated[float, Field(gt=0, lt=1)] = 0.6
    """A product is placed as deep as this sure. Lower: deeper, and more often wrong."""
    language: Annotated[str, Field(pattern=r"^[a-z]{2}$")] | None = None
    """ISO 639-1 of the file. Unset: found out."""


class IndexerSettings(Section):
    """`[indexer]`: how a catalogue becomes a generation."""

    bulk_threads: PositiveInt = 2
    """Bulk requests under way at once. More than the node has cores only fills its queue."""
    bulk_bytes: PositiveInt = 4_000_000
    """Size of one bulk request. OpenSearch's guidance is 3 to 5 MB."""
    chunk_products: PositiveInt = 2_000
    """Products that are encoded together, sorted by length. More: less padding, more memory and a
    longer way to the first written product."""
    max_reject_share: Annotated[float, Field(ge=0, le=1)] = 0.5
    """A generation for which a larger share of the rows was set aside does not go live: more likely
    the schema is wrong than the catalogue."""
    max_title_chars: PositiveInt = 2_000
    """A row with a longer title is set aside: it is a broken export, not a title."""
    max_text_chars: PositiveInt = 200_000
    """A row with a longer description is set aside."""
    max_rejects: Annotated[int, Field(ge=0)] | None = None
    """The run ends when more rows than this are set aside; unset: never."""
    keep_generations: PositiveInt = 2
    """Generations kept behind an alias, the live one included: 2 allows one rollback."""
    segments: PositiveInt | None = None
    """Merge each shard of a new generation into so many segments before it goes live; unset leaves
    merging to OpenSearch. Merging costs a third of the load again; fewer segments are less work for
    a search, and find slightly less at the same number of candidates (docs/indexing.md)."""
    max_update_deletes: Annotated[float, Field(ge=0, le=1)] = 0.2
    """An update deletes at most this share of the live products; more missing ones look like a
    broken export. `--allow-shrink` deletes them all the same."""
    relearn_share: Annotated[float, Field(ge=0, le=1)] = 0.05
    """The catalogue's words and names are learned anew once changes add up to this share of its
    products. Learning costs about 0.3 ms a product; 0 learns after every update with a change."""
    feed_batch: PositiveInt = 1_000
    """Changes that `shopkeeper index apply` writes together. More: faster, and a longer way to the
    first acknowledgement."""
    feed_seconds: Annotated[float, Field(gt=0)] = 0.5
    """How long a change of a quiet feed waits for others before it is written."""
    passage_description_chars: Annotated[int, Field(ge=0)] = 120
    """Characters of the description that are encoded after title and product type."""
    ray: RaySettings = RaySettings()
    """Where `--runner ray` works."""
    tags: TagSettings = TagSettings()
    """What products get as generated tags."""
    taxonomy: TaxonomySettings = TaxonomySettings()
    """The categories of a file that products are placed in."""
