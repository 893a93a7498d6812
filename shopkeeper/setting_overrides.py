"""Settings on the command line by the end of their name: `fusion.dense_weight=2`."""

from collections.abc import Iterable, Mapping

from search_core import ConfigurationError
from shopkeeper.configuration import setting_names
from shopkeeper.settings_options import parse_overrides


def resolved_overrides(overrides: Iterable[str]) -> Mapping[str, str]:
    """Return full name → value of `SETTING=VALUE` pairs whose names may be shortened.

    Raises:
        ConfigurationError: a name that ends several settings' names.
    """
    pairs = parse_overrides(tuple(overrides))
    return {full_setting_name(name): value for name, value in pairs.items()}


def full_setting_name(name: str) -> str:
    """Return the one setting that a name is the end of.

    A name that ends none is returned as it is: whoever reads the settings says what is wrong.

    Raises:
        ConfigurationError: it ends several.
    """
    names = setting_names()
    if name in names:
        return name
    found = [each for each in names if each.endswith(f".{name}")]
    if len(found) > 1:
        raise ConfigurationError(
            f"{name} could be {' or '.join(found)}", remedy="write the whole name"
        )
    return found[0] if found else name
