"""How attributes are written into keyword terms that can be filtered, ranged and counted.

`attribute_values` holds `key␟value`, one term a value: an exact filter is a term query, a facet is
a terms aggregation over the terms with the prefix `key␟`.

`attribute_numbers` holds `key␟number` with the number in an order-preserving hexadecimal form, so
that a range over any numeric attribute is a range over terms. Source: the IEEE 754 total order,
whose bit patterns sort as the numbers do once negative ones are inverted.
"""

import math
import struct

from search_core import Attribute, attribute_key

SEPARATOR = "\u241f"
_SIGN = 1 << 63
_ALL = (1 << 64) - 1


def value_term(name: str, value: str) -> str:
    """Return the term of one attribute value, its white space folded.

    The value keeps its case, because facets show it; filters compare without case.
    """
    return f"{attribute_key(name)}{SEPARATOR}{' '.join(value.split())}"


def number_term(name: str, number: float) -> str:
    """Return the term of one numeric attribute value.

    Raises:
        ValueError: the number is NaN, which has no place in an order.
    """
    return f"{attribute_key(name)}{SEPARATOR}{sortable(number)}"


def sortable(number: float) -> str:
    """Return 16 hexadecimal digits that sort as the number does.

    Raises:
        ValueError: the number is NaN.
    """
    if math.isnan(number):
        raise ValueError("NaN has no place in an order")
    # Adding 0.0 turns -0.0 into 0.0: the two are equal and have to be one term.
    (bits,) = struct.unpack(">Q", struct.pack(">d", number + 0.0))
    return f"{(bits ^ _ALL) if bits & _SIGN else (bits | _SIGN):016x}"


def display_value(value: str | float | bool) -> str:
    """Return a value as a shopper reads it: `1.0` is `1`, `True` is `true`."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.10g}"
    return str(value)


def attribute_text(attribute: Attribute) -> str:
    """Return an attribute's value with its unit, as a shopper reads it."""
    text = display_value(attribute.value)
    return f"{text} {attribute.unit}" if attribute.unit else text
