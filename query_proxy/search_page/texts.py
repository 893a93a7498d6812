"""What the search page says of its own, in each of its languages."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PageTexts:
    """The texts of one language. Braces stand for what is filled in."""

    language: str
    """ISO 639-1."""
    tag: str
    """What the page's `lang` says, and what numbers and prices are written in."""
    own_name: str
    to_content: str
    search_label: str
    search_placeholder: str
    search_button: str
    suggestions: str
    one_suggestion: str
    several_suggestions: str
    """`{count}`."""
    languages: str
    filters: str
    close: str
    show_results: str
    chosen_filters: str
    remove_filter: str
    """`{filter}`."""
    remove_all: str
    everything: str
    results_for: str
    """`{text}`."""
    one_product: str
    products: str
    """`{count}`."""
    sort: str
    sorts: dict[str, str]
    """By what the address says."""
    pages: str
    page: str
    """`{page}`."""
    previous: str
    following: str
    in_stock: str
    out_of_stock: str
    rating: str
    """`{rating}`."""
    no_price: str
    found_by: str
    legs: dict[str, str]
    """Short, by leg or part of a mixed score."""
    boost: str
    """`{reason}`."""
    why: str
    finds: dict[str, str]
    """Sentences by leg; `{rank}` is its rank there."""
    code_is_query: str
    follows_candidates: str
    ordered_by: str
    """`{sort}`."""
    read_together: str
    """`{rank}` is where fusion had it."""
    above_next: str
    """`{part}` is what made the difference."""
    level_with_next: str
    worth: str
    worth_mixed: str
    full_account: str
    nothing_found: str
    """`{text}`."""
    nothing_tips: tuple[str, ...]
    popular: str
    did_you_mean: str
    understood: str
    shown_first: str
    shown_last: str
    as_typed: str
    """`{text}`."""
    unknown_name: str
    """`{name}`: of a filter that no product can pass."""
    perhaps: str
    verbatim: str
    understood_again: str
    degraded: str
    degraded_parts: dict[str, str]
    """By what was done without."""
    facets: dict[str, str]
    """Titles of product fields."""
    all_categories: str
    only_in_stock: str
    yes: str
    no: str
    negated: str
    """`{value}`."""
    mentions: str
    """`{value}`."""
    more_values: str
    """`{count}`."""
    price_from: str
    price_to: str
    price_apply: str
    under: str
    """`{high}`."""
    over: str
    """`{low}`."""
    between: str
    """`{low}`, `{high}`."""
    footer: str
    failures: dict[int, tuple[str, str]]
    """By HTTP status: a heading and what to do; 0 is any other."""
    back: str
