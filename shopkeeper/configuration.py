"""Builds the settings: flags > environment > `shopkeeper.toml` > defaults."""

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from search_core.errors import ConfigurationError
from search_core.settings import Settings

SETTINGS_FILE = Path("shopkeeper.toml")
_PREFIX = "SHOPKEEPER_"
_LANGUAGE_MODEL = re.compile(r"reranker\.models\.[^.]+")
"""`zh = "models/mine"` under `[reranker.models]` is short for a section with `cross_encoder`."""
# Read elsewhere in shopkeeper/ or by the tests; not settings.
_NOT_SETTINGS = ("SHOPKEEPER_TEST_",)


def load_settings(
    config: Path | None = None,
    overrides: Mapping[str, Any] | None = None,
    environment: Mapping[str, str] | None = None,
) -> Settings:
    """Read and check all settings.

    Args:
        config: the settings file; `None` reads `shopkeeper.toml` in the working folder if there is
            one.
        overrides: dotted setting → value, e.g. `{"retrieval.fusion.dense_weight": "1.5"}`.
        environment: `None` takes the process's.

    Raises:
        ConfigurationError: a file that is missing or no TOML, an unknown section or key, a value
            of the wrong type or range. The message names the setting and where it was set.
    """
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for given, value, origin in (
        *_from_file(config),
        *_from_environment(os.environ if environment is None else environment),
        *((key, value, "--set or a flag") for key, value in (overrides or {}).items()),
    ):
        dotted = _written_out(given, value)
        _put(values, dotted, value)
        origins[dotted] = origin
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise _configuration_error(error, origins) from error


def _from_file(config: Path | None) -> list[tuple[str, Any, str]]:
    path = config or SETTINGS_FILE
    if not path.exists():
        if config is None:
            return []
        raise ConfigurationError(f"there is no settings file {path}")
    try:
        tree = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} is not valid TOML: {error}") from error
    return [(dotted, value, str(path)) for dotted, value in _flatten(tree)]


def _flatten(tree: Mapping[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    flat: list[tuple[str, Any]] = []
    for key, value in tree.items():
        dotted = f"{prefix}{key}"
        if isinstance(value, Mapping) and value:
            flat += _flatten(value, f"{dotted}.")
        else:
            flat.append((dotted, value))
    return flat


def _from_environment(environment: Mapping[str, str]) -> list[tuple[str, str, str]]:
    found = []
    for name, value in sorted(environment.items()):
        if name.startswith(_PREFIX) and not name.startswith(_NOT_SETTINGS):
            dotted = name.removeprefix(_PREFIX).lower().replace("__", ".")
            found.append((dotted, value, f"the environment variable {name}"))
    return found


def _written_out(dotted: str, value: object) -> str:
    """Return the setting that a short form stands for, so that others may be set beside it."""
    short = isinstance(value, str) and _LANGUAGE_MODEL.fullmatch(dotted)
    return f"{dotted}.cross_encoder" if short else dotted


def _put(values: dict[str, Any], dotted: str, value: object) -> None:
    *sections, key = dotted.split(".")
    place = values
    for section in sections:
        inner = place.setdefault(section, {})
        if not isinstance(inner, dict):
            raise ConfigurationError(f"{dotted}: {section} is a value, not a section")
        place = inner
    place[key] = value


def setting_names(model: type[BaseModel] = Settings, prefix: str = "") -> list[str]:
    """List every setting by its dotted name."""
    names: list[str] = []
    for key, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            names += setting_names(kind, f"{prefix}{key}.")
        else:
            names.append(f"{prefix}{key}")
    return names


def _configuration_error(error: ValidationError, origins: Mapping[str, str]) -> ConfigurationError:
    lines = []
    for problem in error.errors():
        dotted = ".".join(str(part) for part in problem["loc"])
        origin = next(
            (
                place
                for key, place in origins.items()
                if key == dotted or key.startswith(f"{dotted}.")
            ),
            "the settings",
        )
        if problem["type"] == "extra_forbidden":
            lines.append(f"{dotted} (from {origin}) is not a setting{_suggestion(dotted)}")
        else:
            lines.append(f"{dotted} (from {origin}): {problem['msg']}")
    return ConfigurationError(
        "; ".join(lines), remedy="docs/settings.md lists every setting with its range"
    )


def _suggestion(dotted: str) -> str:
    import difflib  # noqa: PLC0415 - only on an error

    close = difflib.get_close_matches(dotted, setting_names(), n=1)
    return f"; did you mean {close[0]}?" if close else ""
