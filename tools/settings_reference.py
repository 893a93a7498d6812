"""Writes docs/settings.md from the settings themselves: `python -m tools.settings_reference`."""

import sys
from enum import Enum, EnumType
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_origin

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from search_core.settings import Settings

TARGET = Path(__file__).parents[1] / "docs" / "settings.md"

_HEAD = """\
# Settings

Made from `search_core/settings/` by `python -m tools.settings_reference`; edit that.

A value is taken from the first place that has it: a command's flag or `--set NAME=VALUE`, the
environment variable `SHOPKEEPER_<SECTION>__<KEY>` (sections and keys in capitals, joined by two
underscores: `SHOPKEEPER_RETRIEVAL__FUSION__DENSE_WEIGHT`), the settings file (`--config`, else
`shopkeeper.toml` in the working folder), the default. Unknown names are refused wherever they
stand.

```toml
# shopkeeper.toml
[retrieval]
candidates = 200

[retrieval.fusion]
dense_weight = 1.25
```
"""


def settings_reference() -> str:
    """Return the text of docs/settings.md."""
    return "\n".join([_HEAD, *_section(Settings, "")])


def _section(model: type[BaseModel], prefix: str) -> list[str]:
    lines: list[str] = []
    if prefix:
        lines += [f"## `[{prefix.rstrip('.')}]`", "", _paragraph(model.__doc__ or ""), ""]
        lines += ["| setting | type | default | what changes when it moves |", "|---|---|---|---|"]
        lines += [
            f"| `{prefix}{name}` | {_type(field)} | {_default(field)} "
            f"| {_paragraph(field.description or '')} |"
            for name, field in model.model_fields.items()
            if not _is_section(field)
        ]
        lines.append("")
    for name, field in model.model_fields.items():
        if _is_section(field):
            lines += _section(field.annotation, f"{prefix}{name}.")  # type: ignore[arg-type]
    return lines


def _is_section(field: FieldInfo) -> bool:
    return isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)


def _paragraph(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _default(field: FieldInfo) -> str:
    if field.default is None:
        return "unset"
    if isinstance(field.default, bool):
        return f"`{str(field.default).lower()}`"
    return f"`{field.default}`"


def _type(field: FieldInfo) -> str:
    bounds = [
        f"{sign} {getattr(each, name):g}"
        for each in field.metadata
        for name, sign in (("gt", ">"), ("ge", "≥"), ("lt", "<"), ("le", "≤"))
        if getattr(each, name, None) is not None
    ]
    return " ".join([_type_name(field.annotation), ", ".join(bounds)]).strip()


def _type_name(kind: Any) -> str:  # noqa: ANN401 - any annotation
    if get_origin(kind) is not None and get_origin(kind) is not UnionType:
        return _type_name(get_args(kind)[0])
    parts = [each for each in get_args(kind) if each is not type(None)]
    if parts:
        return _type_name(parts[0])
    if kind is SecretStr:
        return "secret"
    if isinstance(kind, EnumType):
        members: list[Enum] = list(kind)
        return " or ".join(f"`{each.value}`" for each in members)
    names = {"str": "text", "int": "integer", "float": "number", "bool": "true or false"}
    return names.get(getattr(kind, "__name__", ""), "path")


if __name__ == "__main__":
    text = settings_reference()
    if "--check" in sys.argv:
        sys.exit(0 if TARGET.read_text(encoding="utf-8") == text else "docs/settings.md is stale")
    TARGET.write_text(text, encoding="utf-8")
