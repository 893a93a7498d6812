"""Codes and figures that are drawn once for a product and never change again.

Each is drawn from the product's own name, not from its place in the catalogue: a new product
renames no other, and the order of ids says nothing about relevance (ids break ties in ranking).
"""

import hashlib
import math
import random
from datetime import date, timedelta

_SEED = "sample shop 1"
_FIRST_RELEASE = date(2021, 1, 11)
_RELEASE_DAYS = 1_770  # up to late 2025
_IN_STOCK_SHARE = 0.92
_WITHOUT_IMAGE_SHARE = 0.07


def drawn_from(*names: str) -> random.Random:
    """Return a random generator whose draws depend on these names only."""
    return random.Random("|".join((_SEED, *names)))


def stable_order(*names: str) -> str:
    """Return a sort key that shuffles, the same way each time."""
    return hashlib.sha256("|".join((_SEED, *names)).encode()).hexdigest()


def free_number(name: str, taken: set[int]) -> int:
    """Return a five-digit number for the product that is not taken, and take it."""
    draws = drawn_from("id", name)
    while (number := draws.randint(10_000, 99_999)) in taken:
        pass
    taken.add(number)
    return number


def ean13(name: str) -> str:
    """Return an EAN-13 in the range 290-299, which shops use inside and GS1 gives to nobody."""
    digits = f"29{drawn_from('ean', name).randrange(10**10):010d}"
    return digits + check_digit(digits)


def check_digit(digits: str) -> str:
    """Return the check digit of the first twelve digits of an EAN-13.

    Source: GS1 General Specifications, 7.9: weights 1 and 3 in turn from the left, up to the next
    multiple of ten.
    """
    total = sum(int(digit) * (1, 3)[place % 2] for place, digit in enumerate(digits))
    return str(-total % 10)


def review_figures(name: str) -> tuple[float, int]:
    """Return mean rating (1 to 5, one decimal) and number of reviews, most of them few."""
    draws = drawn_from("reviews", name)
    rating = min(5.0, max(2.1, draws.triangular(3.0, 5.0, 4.5)))
    reviews = int(math.exp(draws.triangular(0.7, 8.4, 3.9)))
    return round(rating, 1), reviews


def release_date(group: str) -> str:
    """Return the ISO date on which a variant group came on sale."""
    days = drawn_from("released", group).randrange(_RELEASE_DAYS)
    return (_FIRST_RELEASE + timedelta(days=days)).isoformat()


def is_in_stock(name: str) -> bool:
    """Return whether the product can be had; one in twelve cannot."""
    return drawn_from("stock", name).random() < _IN_STOCK_SHARE


def has_image(name: str) -> bool:
    """Return whether somebody took a picture."""
    return drawn_from("image", name).random() >= _WITHOUT_IMAGE_SHARE
