"""Whether a query text uses operators: then it is no plain text, and must mean what it says."""

import re

_SIMPLE = re.compile(
    r"""
    (?:^|\s)[+\-(]          # must, must not, a group
    | [|"]                  # or, phrase
    | \*(?:\s|$)            # prefix
    | ~\d*(?:\s|$)          # near words, near in place
    """,
    re.VERBOSE,
)
_FULL = re.compile(
    r"""
    (?:^|\s)[+\-!/(]        # must, must not, regular expression, group
    | ["*?~^{}\[\]\\<>=:]   # phrase, wildcard, fuzziness, boost, range, escape, field
    | &&|\|\|
    | (?:^|\s)(?:AND|OR|NOT|TO)(?:\s|$)
    """,
    re.VERBOSE,
)


def has_simple_operators(text: str) -> bool:
    """Say whether `simple_query_string` reads an operator in a text."""
    return _SIMPLE.search(text) is not None


def has_operators(text: str) -> bool:
    """Say whether `query_string` reads an operator in a text."""
    return _FULL.search(text) is not None
