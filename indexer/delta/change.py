"""One change of a feed, and how a row becomes one."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import orjson

from indexer.catalog_schema import CatalogSchema, FieldRole
from indexer.product_reader import ProductReader
from indexer.reading_notes import ReadingNotes
from indexer.rejects import Reject, RejectReason, excerpt
from indexer.rows import Row
from search_core import Product, UpdateRefusedError
from search_core.settings import IndexerSettings
from search_engine import LARGEST_VERSION

OPERATION_FIELD = "op"
_ID = "id"
_LIVE_ROLES = (
    FieldRole.PRICE,
    FieldRole.CURRENCY,
    FieldRole.AVAILABILITY,
    FieldRole.RATING,
    FieldRole.POPULARITY,
)


class Operation(StrEnum):
    """What a change does. The values are those of a feed's `op`."""

    UPSERT = "upsert"
    """The product is as the row says, whether it was there or not."""
    PATCH = "patch"
    """The live fields that the row names have other values."""
    DELETE = "delete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change of one product."""

    row: Row
    operation: Operation
    product_id: str
    product: Product | None = None
    """Of an upsert."""
    live: Mapping[str, Any] | None = None
    """Of a patch: fields of the document."""
    version: int | None = None
    """It counts only if the product has no higher one; `None`: it counts in any case."""


class ChangeReader:
    """Makes changes of a feed's rows, whose fields mean what they mean in the catalogue."""

    def __init__(
        self, schema: CatalogSchema, settings: IndexerSettings, version_field: str | None
    ) -> None:
        """Take the schema of the generation.

        Args:
            schema: of the generation. Live fields that it does not name are called by their role
                (`price`, `availability`, …) and the id `id`.
            settings: bounds of what is taken for a product.
            version_field: field that holds a change's version; `None`: there are no versions.

        Raises:
            UpdateRefusedError: the catalogue's products have no ids of their own.
        """
        if not schema.of(FieldRole.ID):
            raise UpdateRefusedError(
                "the catalogue has no field for ids, so that a change cannot name its product",
                remedy="name one under [fields] in catalog.toml and run `shopkeeper reindex`",
            )
        named = {role: schema.of(role) or (role.value,) for role in _LIVE_ROLES}
        ids = tuple(dict.fromkeys((*schema.of(FieldRole.ID), _ID)))
        self._id_fields = " or ".join(schema.of(FieldRole.ID))
        self._products = ProductReader(schema, settings)
        self._parts = ProductReader(
            replace(schema, fields={**schema.fields, **named, FieldRole.ID: ids}), settings
        )
        self._ids = frozenset(ids)
        self._patchable = {*ids, *(name for names in named.values() for name in names)}
        self._version_field = version_field

    @property
    def notes(self) -> ReadingNotes:
        """What was odd about whole products so far; an odd patch is set aside."""
        return self._products.notes

    def read(self, row: Row) -> Change | Reject:
        """Make a change of a row, or say why it is none."""
        values = dict(row.values)
        operation = values.pop(OPERATION_FIELD, None)
        try:
            kind = Operation(str(operation).strip().lower())
        except ValueError:
            choices = ", ".join(Operation)
            return _reject(row, f"{OPERATION_FIELD} is {operation!r}, not one of {choices}")
        version: int | None = None
        if self._version_field is not None:
            given = values.pop(self._version_field, None)
            version = _version(given)
            if version is None:
                return _reject(
                    row,
                    f"{self._version_field} is {given!r}, not a whole number from 0 to "
                    f"{LARGEST_VERSION}",
                )
        return self._change(row, kind, Row(row.number, values), version)

    def _change(
        self, row: Row, kind: Operation, content: Row, version: int | None
    ) -> Change | Reject:
        product_id = self._parts.given_id(content.values)
        if product_id is None:
            return _reject(row, "it names no product")
        change = Change(row=row, operation=kind, product_id=product_id, version=version)
        if kind is Operation.DELETE:
            return change
        if kind is Operation.PATCH:
            return self._patch(change, content)
        if self._products.given_id(content.values) is None:
            # The row is one of the catalogue: by another field it would be another product there.
            return _reject(row, f"an upsert names its product by {self._id_fields}")
        product = self._products.parse(content)
        if isinstance(product, Reject):
            return product
        return replace(change, product=product, product_id=product.id)

    def _patch(self, change: Change, content: Row) -> Change | Reject:
        others = sorted(content.values.keys() - self._patchable)
        if others:
            return _reject(
                change.row,
                f"a patch cannot change {', '.join(others)}, only "
                f"{', '.join(sorted(self._patchable - self._ids))}: send the whole product as an "
                "upsert",
            )
        live = self._parts.live_values(content)
        if isinstance(live, Reject):
            return live
        if not live:
            return _reject(change.row, "the patch changes nothing")
        return replace(change, live=live)


def _version(given: object) -> int | None:
    try:
        number = int(str(given))
    except ValueError:
        return None
    return number if 0 <= number <= LARGEST_VERSION else None


def _reject(row: Row, problem: str) -> Reject:
    return Reject(
        line=row.number,
        reason=RejectReason.BAD_CHANGE,
        message=f"line {row.number}: {problem}",
        raw=excerpt(orjson.dumps(row.values, default=str, option=orjson.OPT_NON_STR_KEYS)),
    )
