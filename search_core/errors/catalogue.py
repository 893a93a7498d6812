"""Errors of catalogues."""

from search_core.errors.root import ShopkeeperError


class CatalogError(ShopkeeperError):
    """The catalogue cannot be read as a whole."""

    code = "catalog_error"


class CatalogFormatError(CatalogError):
    """The file is in no format that is read, or broken beyond single rows."""

    code = "catalog_format_error"


class CatalogSchemaError(CatalogError):
    """No field can serve as title, or the schema contradicts the file."""

    code = "catalog_schema_error"


class TooManyRejectsError(CatalogError):
    """More rows were set aside than `max_rejects` allows."""

    code = "too_many_rejects"
