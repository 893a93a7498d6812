"""Says what to install where the packages of the extra `evaluate` are missing."""

from collections.abc import Iterator
from contextlib import contextmanager

from search_core.errors import ConfigurationError

_PACKAGES = frozenset({"charset_normalizer", "httpx", "ir_measures", "jmespath", "scipy"})


@contextmanager
def evaluate_extra() -> Iterator[None]:
    """Turn a missing package of the extra into an error that names it.

    Raises:
        ConfigurationError: one of them is missing.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] not in _PACKAGES:
            raise
        raise ConfigurationError(
            f"measuring search needs the package {error.name}, which is not installed",
            remedy="pip install '.[evaluate]' in Shopkeeper's folder",
        ) from error
