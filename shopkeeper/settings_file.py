"""Writes a settings file: what another one says, with some settings changed."""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import tomli_w

from search_core import ConfigurationError


def write_settings(
    path: Path, base: Path | None, changes: Mapping[str, object], comment: Sequence[str] = ()
) -> None:
    """Write a settings file.

    Args:
        path: the new file; an existing one is replaced.
        base: the file that the rest is taken from; its comments are not. `None`: only the changes
            are written.
        changes: dotted name → value.
        comment: lines at the head of the file.

    Raises:
        ConfigurationError: the file cannot be written.
    """
    tree: dict[str, Any] = {}
    if base is not None:
        tree = tomllib.loads(base.read_text(encoding="utf-8"))
    for name, value in changes.items():
        *sections, key = name.split(".")
        place = tree
        for section in sections:
            place = place.setdefault(section, {})
        place[key] = value
    head = "".join(f"# {line}\n" for line in comment)
    try:
        path.write_text(head + tomli_w.dumps(tree), encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(
            f"{path} cannot be written: {error.strerror}",
            remedy="name a file in a folder that exists and can be written to",
        ) from error
