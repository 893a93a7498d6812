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
    price: bool = True
    """`under 500`, `$20-30`, 500元以下 become a filter, `cheap` a preference."""
    negation: bool = True
    """`without lace`, 不要塑料: such products are moved down."""
    quantities: bool = True
    """`1 TB` also finds 1000GB, 15寸 also 15 inch: other wordings that the catalogue has."""
    compounds: bool = False
    """`head set` also finds headset, and the other way round. Off: on the judgments it raised the
    measure on judged hits and lowered the plain one, so it has not won."""
    spelling: bool = True
    """Words that neither the catalogue nor the language has are corrected, if that is clear."""
    entities: bool = False
    """Brands and attribute values are preferred in their own fields. Off: it gained nothing on the
    judgments."""
    product_kinds: bool = True
    """Main products are preferred to their accessories, unless the query asks for these."""
    rules: Path | None = None
    """File of rules in Querqy's common-rules syntax; unset: none."""
    budget_ms: Annotated[float, Field(gt=0)] = 50.0
    """Of all units together: those that would start later are left out, and the plan says so."""
    unit_budget_ms: Annotated[float, Field(gt=0)] = 25.0
    """Of each unit: what comes later is dropped."""
