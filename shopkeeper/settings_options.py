"""The options by which every command takes its settings."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click


def settings_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--config` and `--set` to a command, which gets the result as `settings`."""

    @click.option(
        "--config",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Settings file.  [default: shopkeeper.toml, if there is one]",
    )
    @click.option(
        "--set",
        "overrides",
        multiple=True,
        metavar="SETTING=VALUE",
        help="One setting, e.g. retrieval.dense=false; repeatable. docs/settings.md lists them.",
    )
    @functools.wraps(command)
    def with_settings(
        *args: Any,  # noqa: ANN401 - passed through
        config: Path | None,
        overrides: tuple[str, ...],
        **options: Any,  # noqa: ANN401 - passed through
    ) -> Any:  # noqa: ANN401 - passed through
        from shopkeeper.configuration import load_settings  # noqa: PLC0415 - loads pydantic

        return command(*args, settings=load_settings(config, parse_overrides(overrides)), **options)

    return with_settings


def parse_overrides(overrides: tuple[str, ...]) -> dict[str, str]:
    """Read `SETTING=VALUE` pairs.

    Raises:
        click.BadParameter: a pair without `=`.
    """
    pairs = {}
    for override in overrides:
        name, separator, value = override.partition("=")
        if not separator or not name.strip():
            raise click.BadParameter(f"{override!r} is not SETTING=VALUE", param_hint="--set")
        pairs[name.strip()] = value.strip()
    return pairs
