"""Text as suggestions and typed beginnings of them are compared."""

import re

from search_core.product_words import fold

_BETWEEN_WORDS = re.compile(r"[\W_]+")


def suggestion_key(text: str) -> str:
    """Return text folded, with one space for whatever stands between words.

    A space at the end stays: whoever typed it is done with the word before.
    """
    return _BETWEEN_WORDS.sub(" ", fold(text)).lstrip()
