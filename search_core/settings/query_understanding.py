"""What is read into a query."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from search_core.settings.section import Section


class QueryUnderstandingSettings(Section):
    """`[query_understanding]`: what is read into a query; docs/query_understanding.md measures."""

    enabled: bool = True
    """Off takes every query as it was typed."""
    normalize: bool = True
    """Width, control characters, traditional to simplified Chinese."""
    operators: bool = True
    """`betwen 100 and 200`, `less then 50`, 500元一下: misspelt words by which prices, ranges and
    negation are said are put right before these are read."""
    price: bool = True
    """`under 500`, `$20-30`, 500元以下 become a filter, `cheap` a preference."""
    number_ranges: bool = True
    """`under 2 kg`, `55 inch or bigger`, 2公斤以下 become a filter on the attribute that is clearly
    meant; the rest stays text."""
    negation: bool = True
    """`without lace`, 不要塑料: such products are moved down."""
    quantities: bool = True
    """`1 TB` also finds 1000GB, 15寸 also 15 inch: other wordings that the catalogue has."""
    compounds: bool = False
    """`head set` also finds headset, and the other way round. Off: on the judgments it raised the
    measure on judged hits and lowered the plain one, so it has not won."""
    spelling: bool = True
    """Words that neither the catalogue nor the language has are corrected, if that is clear."""
    plurals: bool = True
    """`books` also finds what titles call a book, and the other way round, where the index's
    stemmer takes the two for different words (English catalogues)."""
    acronyms: bool = True
    """`ssd` also finds what titles call a solid state drive, as learned from products that write
    both."""
    entities: bool = False
    """Brands and attribute values are preferred in their own fields. Off: it gained nothing on the
    judgments."""
    entity_names: bool = True
    """What brands, kinds of product, attribute values and fitted products the words name, on the
    plan. It changes nothing that is searched."""
    languages: bool = True
    """The language of each word, by script and by the catalogue's products."""
    categories: bool = True
    """How likely a query is about each kind of product, on the plan."""
    product_kinds: bool = True
    """Main products are preferred to their accessories, unless the query asks for these."""
    llm: bool = False
    """Queries with words that no product has are sent to the language model of `[llm]`, behind the
    shopper's back, and searched by its wordings from the next time on."""
    leg_weights: bool = True
    """Descriptions of three words or more count more by their meaning (the k-NN leg)."""
    codes: bool = True
    """Products that have a model or article number of the query exactly come first, also where only
    an attribute or a title says it."""
    relaxation: bool = True
    """Says which words may be left out, the least informative first, where hardly any product has
    them all. `retrieval.relax_below` says when."""
    intent: bool = True
    """What the shopper is after, on the plan: to buy, to be informed, to get help, … It changes
    nothing that is searched."""
    trained: Path | None = None
    """Folder of what `shopkeeper understand train` installed. Unset: `understanding` in the data
    folder. What is not there is taken as Shopkeeper brings it. Read when a process starts."""
    rules: Path | None = None
    """File of rules in Querqy's common-rules syntax; unset: none."""
    remembered_plans: Annotated[int, Field(ge=0)] = 2_000
    """Plans of recent queries kept in memory, some 1 kB each: a query that was typed lately is not
    read again, as long as the rules and what was learned from the catalogue are the same. 0 keeps
    none; with `llm` none is kept, since the model's answer comes later."""
    budget_ms: Annotated[float, Field(gt=0)] = 50.0
    """Of all units together: those that would start later are left out, and the plan says so."""
    unit_budget_ms: Annotated[float, Field(gt=0)] = 25.0
    """Of each unit: what comes later is dropped."""
