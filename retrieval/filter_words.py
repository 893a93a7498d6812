"""Filters in plain words."""

from search_core import Filter, TermFilter, TextFilter


def filter_words(each: Filter) -> str:
    """Return a filter as a shopper would say it."""
    if isinstance(each, TermFilter):
        return f"{each.field} is {'not ' if each.negated else ''}{' or '.join(each.values)}"
    if isinstance(each, TextFilter):
        verb = "does not mention" if each.negated else "mentions"
        return f"it {verb} {' or '.join(each.phrases)}"
    bounds = [
        f"{word} {bound:g}"
        for word, bound in (
            ("over", each.greater_than),
            ("at least", each.at_least),
            ("under", each.less_than),
            ("at most", each.at_most),
        )
        if bound is not None
    ]
    return f"{each.field} is {' and '.join(bounds)}"
