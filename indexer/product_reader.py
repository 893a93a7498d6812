"""Turns rows into products, or sets them aside with the reason."""

import logging
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

import orjson

from indexer.catalog_schema import CatalogSchema, FieldRole, PriceUnit
from indexer.catalog_source import CatalogSource
from indexer.field_path import value_at
from indexer.field_values import (
    NOT_SAID,
    as_text,
    parse_availability,
    parse_count,
    parse_date,
    scalars,
)
from indexer.language_codes import language_code
from indexer.language_detection import detect_language
from indexer.number_parsing import currency_in, parse_price
from indexer.product_identity import SeenIds, content_id, source_hash
from indexer.reading_notes import ReadingNotes
from indexer.rejects import Reject, RejectReason, excerpt
from indexer.row_attributes import RowAttributes
from indexer.rows import Row
from indexer.text_cleaning import clean_text
from search_core import Product
from search_core.settings import IndexerSettings

_logger = logging.getLogger(__name__)

Values = Mapping[str, Any]
Scalar = str | int | float | bool
_T = TypeVar("_T")


class _Unusable(Exception):  # noqa: N818 - never leaves this module
    def __init__(self, reason: RejectReason, problem: str) -> None:
        super().__init__(problem)
        self.reason = reason


def read_products(
    source: CatalogSource, schema: CatalogSchema, settings: IndexerSettings
) -> Iterator[Product | Reject]:
    """Yield a product or a reject for each row, in the order of the file.

    Args:
        source: is read once, as a stream.
        schema: what its fields mean.
        settings: bounds of what is taken for a product.

    Raises:
        CatalogFormatError: the file is broken in a way that the rows after it cannot be read.
    """
    reader = ProductReader(schema, settings, row_unit=source.description.row_unit)
    for row in source.rows():
        yield row if isinstance(row, Reject) else reader.read(row)
    if unreadable := reader.notes.unreadable:
        _logger.warning("values_left_out %s", " ".join(f"{k}={v}" for k, v in unreadable.items()))


class ProductReader:
    """Reads the rows of one catalogue; remembers their ids.

    Attributes:
        notes: values that could not be read, and missing ids. They do not make a reject: a product
            without its rating is still a product.
    """

    def __init__(
        self, schema: CatalogSchema, settings: IndexerSettings, *, row_unit: str = "line"
    ) -> None:
        self.notes = ReadingNotes()
        self._schema = schema
        self._settings = settings
        self._row_unit = row_unit
        self._attributes = RowAttributes(schema, self.notes)
        self._seen = SeenIds()

    def read(self, row: Row) -> Product | Reject:
        """Make a product of a row, or say why it is none."""
        product = self.parse(row)
        if isinstance(product, Reject):
            return product
        duplicate = self.duplicate(product.id, row)
        # A schema without a field for it is warned of as a whole.
        named = self._schema.of(FieldRole.ID)
        if named and duplicate is None and self.given_id(row.values) is None:
            self.notes.without_id += 1
        return duplicate or product

    def parse(self, row: Row) -> Product | Reject:
        """Make a product of a row as if it were the only one with its id."""
        try:
            return self._product(row.values)
        except _Unusable as error:
            return self._reject(row, error.reason, str(error))

    def product_id(self, values: Values) -> str:
        """Return the id of a row's product, without reading the rest of it."""
        return self.given_id(values) or content_id(values)

    def given_id(self, values: Values) -> str | None:
        """Return the id that a row names, if it does."""
        return self._first_text(values, FieldRole.ID)

    def live_values(self, row: Row) -> dict[str, Any] | Reject:
        """Read price, currency, availability, rating and popularity, as far as the row has them.

        Returns:
            By the document's field; `None` where the row says that there is no value. Or a reject,
            if a value cannot be read.
        """
        unreadable = self.notes.unreadable.copy()
        values = row.values
        try:
            price, currency = self._price(values)
            read = {
                FieldRole.PRICE: ("price", price),
                FieldRole.CURRENCY: ("currency", currency),
                FieldRole.AVAILABILITY: (
                    "available",
                    self._parsed(values, FieldRole.AVAILABILITY, parse_availability),
                ),
                FieldRole.RATING: ("rating", self._parsed(values, FieldRole.RATING, self._count)),
                FieldRole.POPULARITY: (
                    "popularity",
                    self._parsed(values, FieldRole.POPULARITY, self._count),
                ),
            }
        except _Unusable as error:
            return self._reject(row, error.reason, str(error))
        if self.notes.unreadable != unreadable:
            fields = ", ".join(self.notes.unreadable - unreadable)
            return self._reject(row, RejectReason.WRONG_TYPE, f"{fields} cannot be read")
        named = {role for role in read if any(name in values for name in self._schema.of(role))}
        if currency is None:
            named.discard(FieldRole.CURRENCY)
        elif FieldRole.PRICE in named:
            named.add(FieldRole.CURRENCY)
        return {field: value for role, (field, value) in read.items() if role in named}

    def duplicate(self, product_id: str, row: Row) -> Reject | None:
        """Take note of an id; set the row aside if an earlier one had it."""
        first = self._seen.first_line(product_id, row.number)
        if first is None:
            return None
        return self._reject(
            row,
            RejectReason.DUPLICATE_ID,
            f"the id {product_id!r} was on {self._row_unit} {first} already",
        )

    def forget_ids(self) -> None:
        """Let go of the ids, of which a large catalogue has many, once every row has been read."""
        self._seen = SeenIds()

    def _reject(self, row: Row, reason: RejectReason, problem: str) -> Reject:
        raw = orjson.dumps(row.values, default=str, option=orjson.OPT_NON_STR_KEYS)
        return Reject(
            line=row.number,
            reason=reason,
            message=f"{self._row_unit} {row.number}: {problem}",
            raw=excerpt(raw),
        )

    def _product(self, values: Values) -> Product:
        title = self._title(values)
        description = self._description(values)
        price, currency = self._price(values)
        brand, product_type = (
            self._name(values, FieldRole.BRAND),
            self._name(values, FieldRole.PRODUCT_TYPE),
        )
        return Product(
            id=self.product_id(values),
            title=title,
            description=description,
            brand=brand,
            category_path=self._category_path(values),
            product_type=product_type,
            price=price,
            currency=currency,
            image_url=self._first_text(values, FieldRole.IMAGE),
            url=self._first_text(values, FieldRole.URL),
            available=self._parsed(values, FieldRole.AVAILABILITY, parse_availability),
            rating=self._parsed(values, FieldRole.RATING, self._count),
            popularity=self._parsed(values, FieldRole.POPULARITY, self._count),
            released=self._parsed(values, FieldRole.RELEASED, parse_date),
            language=self._language(values, title, description),
            codes=self._codes(values),
            variant_group=self._first_text(values, FieldRole.VARIANT_GROUP),
            attributes=self._attributes.read(values),
            source_hash=source_hash(values),
        )

    def _filled(self, values: Values, role: FieldRole) -> Iterator[tuple[str, Scalar]]:
        """Yield the scalars in a role's fields that say something, with the field's name."""
        for field in self._schema.of(role):
            value = value_at(values, field)
            if value is None or value == "":
                continue
            for scalar in scalars(value):
                if not (isinstance(scalar, str) and scalar.strip().casefold() in NOT_SAID):
                    yield field, scalar

    def _first_text(self, values: Values, role: FieldRole) -> str | None:
        for _, scalar in self._filled(values, role):
            if text := as_text(scalar):
                return text
        return None

    def _name(self, values: Values, role: FieldRole) -> str | None:
        """Return a brand or type, which may be an object with a name."""
        text = self._first_text(values, role)
        if text is not None:
            return text
        named = (value_at(values, f"{field}.name") for field in self._schema.of(role))
        return next((clean_text(name) for name in named if isinstance(name, str)), None) or None

    def _title(self, values: Values) -> str:
        for field in self._schema.of(FieldRole.TITLE):
            value = value_at(values, field)
            if isinstance(value, (Mapping, bool)) or (isinstance(value, list) and value):
                kind = type(value).__name__
                raise _Unusable(RejectReason.WRONG_TYPE, f"{field} is no text but {kind}")
        title = self._first_text(values, FieldRole.TITLE)
        if title is None:
            fields = " or ".join(self._schema.of(FieldRole.TITLE))
            raise _Unusable(RejectReason.MISSING_TITLE, f"there is no text in {fields}")
        self._check_length("title", title, self._settings.max_title_chars)
        return title

    def _description(self, values: Values) -> str:
        texts: list[str] = []
        for field in self._schema.of(FieldRole.DESCRIPTION):
            value = value_at(values, field)
            for scalar in scalars(value):
                raw = str(scalar)
                # Markup is bounded before it is parsed, at four times what its text may have.
                self._check_length(field, raw, 4 * self._settings.max_text_chars)
                text = clean_text(raw)
                if text and text not in texts:
                    texts.append(text)
        # A short description that only begins the long one is not said twice.
        kept = [text for text in texts if not any(o != text and o.startswith(text) for o in texts)]
        description = "\n".join(kept)
        self._check_length("description", description, self._settings.max_text_chars)
        return description

    def _check_length(self, field: str, text: str, limit: int) -> None:
        if len(text) > limit:
            raise _Unusable(
                RejectReason.TEXT_TOO_LONG,
                f"{field} has {len(text):,} characters, at most {limit:,} are taken",
            )

    def _price(self, values: Values) -> tuple[float | None, str | None]:
        currency = self._first_text(values, FieldRole.CURRENCY)
        currency = (currency_in(currency.upper()) or currency_in(currency)) if currency else None
        for field in self._schema.of(FieldRole.PRICE):
            value = value_at(values, field)
            if isinstance(value, Mapping):
                raise _Unusable(RejectReason.WRONG_TYPE, f"{field} is an object, not a price")
        for field, scalar in self._filled(values, FieldRole.PRICE):
            price = self._amount(field, scalar)
            if price is None:
                continue
            if isinstance(scalar, str):
                currency = currency or currency_in(scalar)
            if self._schema.price_unit is PriceUnit.CENTS:
                price /= 100
            return price, currency or self._schema.currency
        return None, None

    def _amount(self, field: str, scalar: Scalar) -> float | None:
        """Read a price. Words instead of one (`on request`) are no reason to lose the product."""
        if isinstance(scalar, bool):
            raise _Unusable(RejectReason.WRONG_TYPE, f"{field} is {scalar}, not a price")
        if isinstance(scalar, str):
            price = parse_price(scalar, self._schema.decimal_mark)
        else:
            price = float(scalar) if scalar == scalar else None  # noqa: PLR0124 - NaN
        if price is None:
            self.notes.leave_out(field, scalar)
        elif not 0 <= price < 1e12:
            raise _Unusable(RejectReason.WRONG_TYPE, f"{field} is {scalar}, not a price")
        return price

    def _parsed(
        self, values: Values, role: FieldRole, parse: Callable[[Scalar], _T | None]
    ) -> _T | None:
        for field, scalar in self._filled(values, role):
            parsed = parse(scalar)
            if parsed is not None:
                return parsed
            self.notes.leave_out(field, scalar)
        return None

    def _count(self, value: Scalar) -> float | None:
        return parse_count(value, self._schema.decimal_mark)

    def _category_path(self, values: Values) -> tuple[str, ...]:
        separator = self._schema.category_separator
        levels: list[str] = []
        for _, scalar in self._category_scalars(values):
            text = as_text(scalar)
            if self._schema.category_list_separator:
                text = text.split(self._schema.category_list_separator)[0]
            parts = text.split(separator.strip()) if separator and separator.strip() else [text]
            levels += [part.strip() for part in parts if part.strip()]
        return tuple(dict.fromkeys(levels))

    def _category_scalars(self, values: Values) -> Iterator[tuple[str, Scalar]]:
        found = False
        for field, scalar in self._filled(values, FieldRole.CATEGORY):
            found = True
            yield field, scalar
        if not found:
            for field in self._schema.of(FieldRole.CATEGORY):
                for scalar in scalars(value_at(values, f"{field}.name")):
                    yield field, scalar

    def _codes(self, values: Values) -> tuple[str, ...]:
        codes = (as_text(scalar) for _, scalar in self._filled(values, FieldRole.CODES))
        return tuple(dict.fromkeys(code for code in codes if code))

    def _language(self, values: Values, title: str, description: str) -> str | None:
        named = self._first_text(values, FieldRole.LANGUAGE)
        if named and (code := language_code(named)):
            return code
        languages = self._schema.languages
        if len(languages) > 1:
            return detect_language(f"{title} {description}", languages, usual=languages[0])
        return languages[0] if languages else None
