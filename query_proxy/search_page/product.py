"""A product as a card of the search page."""

import hashlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from query_proxy.search_page.numbers import number_text, price_text
from query_proxy.search_page.reasons import Reasons
from query_proxy.search_page.texts import PageTexts
from search_core import Hit

_PATTERNS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Placeholder:
    """What stands where a product has no picture: one colour and letter a type."""

    hue: int
    """In degrees."""
    letter: str
    pattern: int
    """Which of the template's drawings, from 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What is shown of one product. `None`: the catalogue does not say."""

    id: str
    title: str
    language: str | None
    brand: str | None
    kind: str | None
    """Product type, or the narrowest category."""
    price: str
    url: str | None
    picture: str | None
    placeholder: Placeholder
    available: bool | None
    rating: str | None
    reasons: Reasons | None


def card(hit: Hit, reasons: Reasons | None, image_base: str | None, texts: PageTexts) -> Card:
    """Return a hit as a card.

    Args:
        hit: the product.
        reasons: why it stands where it does; `None`: nothing is said of it.
        image_base: address that relative addresses of pictures start from.
        texts: of the page's language.
    """
    product = hit.document
    price, rating = product.get("price"), product.get("rating")
    kind = product.get("product_type") or _narrowest(product.get("category"))
    return Card(
        id=hit.product_id,
        title=product["title"],
        language=product.get("language"),
        brand=product.get("brand"),
        kind=kind,
        price=texts.no_price if price is None else price_text(price, _currency(product), texts),
        url=web_address(product.get("url")),
        picture=picture_address(product.get("image_url"), image_base),
        placeholder=placeholder(kind or product["title"], hit.product_id),
        available=product.get("available"),
        rating=None if rating is None else number_text(round(rating, 1), texts),
        reasons=reasons,
    )


def placeholder(kind: str, product_id: str) -> Placeholder:
    """Return the drawing for a product of a type."""
    hue = int.from_bytes(hashlib.blake2b(kind.casefold().encode(), digest_size=2).digest())
    pattern = hashlib.blake2b(product_id.encode(), digest_size=1).digest()[0]
    letter = next((each for each in kind if each.isalnum()), "·")
    return Placeholder(hue=hue % 360, letter=letter.upper(), pattern=pattern % _PATTERNS)


def web_address(address: str | None) -> str | None:
    """Return an address that a link may lead to: others, such as `javascript:`, are none."""
    if address is None:
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return address if parts.scheme in ("http", "https") and parts.netloc else None


def picture_address(address: str | None, base: str | None) -> str | None:
    """Return the whole address of a picture, or `None`."""
    if not address:
        return None
    try:
        return web_address(urljoin(base, address) if base else address)
    except ValueError:
        return None


def _currency(product: Any) -> str | None:  # noqa: ANN401 - a stored document
    currency = product.get("currency")
    return None if currency is None else str(currency)


def _narrowest(category: list[str] | None) -> str | None:
    return category[-1].rpartition(" > ")[2] if category else None
