"""Settings that may be tried on the workbench: numbers, switches and choices of ranking."""

from enum import Enum
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from search_core import ConfigurationError
from search_core.settings import Settings

_SECTIONS = ("retrieval", "query_understanding", "reranker")
# What is switched on and off or turned up and down; an address or a file could lead anywhere.
_TRIED = (bool, int, float)


def changed_settings(settings: Settings, lines: str) -> Settings:
    """Return settings with some of them changed.

    Args:
        settings: as they are.
        lines: `SETTING=VALUE`, one a line; empty ones and comments (`#`) are left out.

    Raises:
        ConfigurationError: a line that is no such change, or a value that cannot be.
    """
    tree = settings.model_dump()
    known = triable_settings()
    for line in lines.splitlines():
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        name, sign, value = (part.strip() for part in text.partition("="))
        if not sign or name not in known:
            raise ConfigurationError(
                f"{text!r} is no change that can be tried here",
                remedy="write SETTING=VALUE, with a number, switch or choice of retrieval, "
                "query_understanding or reranker; docs/settings.md lists them",
            )
        *sections, key = name.split(".")
        place: dict[str, Any] = tree
        for section in sections:
            place = place[section]
        place[key] = value
    try:
        return Settings.model_validate(tree)
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False)[0]
        place_of = ".".join(str(part) for part in problem["loc"])
        raise ConfigurationError(f"{place_of}: {problem['msg']}") from error


def triable_settings() -> tuple[str, ...]:
    """Return the names of the settings that can be tried."""
    return tuple(
        name
        for section in _SECTIONS
        for name in _names(Settings.model_fields[section].annotation, f"{section}.")
    )


def _names(model: Any, prefix: str) -> list[str]:  # noqa: ANN401 - a type
    names = []
    for key, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            names += _names(kind, f"{prefix}{key}.")
        elif all(_is_tried(each) for each in _alternatives(kind)):
            names.append(f"{prefix}{key}")
    return names


def _alternatives(kind: Any) -> list[Any]:  # noqa: ANN401 - a type
    origin = get_origin(kind)
    if origin is Annotated:
        return _alternatives(get_args(kind)[0])
    if origin in (Union, UnionType):
        return [part for each in get_args(kind) for part in _alternatives(each)]
    return [kind]


def _is_tried(kind: Any) -> bool:  # noqa: ANN401 - a type
    return kind is type(None) or (isinstance(kind, type) and issubclass(kind, (*_TRIED, Enum)))
