"""Errors of what a search asks for."""

from search_core.errors.root import ShopkeeperError


class QueryError(ShopkeeperError):
    """A search request cannot be understood."""

    code = "query_error"


class FilterError(QueryError):
    """A filter, facet or sort cannot be understood."""

    code = "filter_error"


class PageError(QueryError):
    """A page lies outside of what can be shown."""

    code = "page_error"


class ProductNotFoundError(QueryError):
    """The index has no product of that id."""

    code = "product_not_found"
