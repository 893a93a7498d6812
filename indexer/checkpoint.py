"""How far a run has come with a generation."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MOST_REFUSALS = 1_000
"""Refused products that a checkpoint carries. Beyond so many it moves no further: the rows after it
are written, and refused, again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedProduct:
    """A product that OpenSearch does not take."""

    product_id: str
    line: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """Up to where everything is written."""

    rows: int = 0
    """From the catalogue's start, whether they became products or were set aside."""
    products: int = 0
    """Among those rows, the ones refused by OpenSearch included."""
    refused: tuple[RefusedProduct, ...] = ()

    def as_record(self) -> dict[str, Any]:
        """Return a JSON form."""
        refused = [[each.product_id, each.line, each.reason] for each in self.refused]
        return {"rows": self.rows, "products": self.products, "refused": refused}

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "Checkpoint":
        """Read what `as_record` wrote."""
        return cls(
            rows=record["rows"],
            products=record["products"],
            refused=tuple(
                RefusedProduct(product_id=product_id, line=line, reason=reason)
                for product_id, line, reason in record["refused"]
            ),
        )
