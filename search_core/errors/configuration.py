"""Errors of settings and of files that a person writes."""

from search_core.errors.root import ShopkeeperError


class ConfigurationError(ShopkeeperError):
    """A setting, flag or settings file is wrong."""

    code = "configuration_error"


class RulesError(ConfigurationError):
    """A file of query rules has lines that cannot be read."""

    code = "rules_error"


class TagReviewError(ConfigurationError):
    """A file of reviewed tags has lines that cannot be used."""

    code = "tag_review_error"


class TaxonomyError(ConfigurationError):
    """A taxonomy's file cannot be read, or has no categories."""

    code = "taxonomy_error"
