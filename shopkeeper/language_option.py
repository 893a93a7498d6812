"""The option that names the language whose own cross-encoder a command is about."""

import functools
from collections.abc import Callable
from typing import Any

import click

_LETTERS = 2


def language_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--for` to a command, which gets an ISO 639-1 code or `None` as `language`."""

    @click.option(
        "--for",
        "language",
        metavar="CODE",
        callback=_checked,
        help="The language whose own model is meant (`[reranker.models]`), as ISO 639-1.  "
        "[default: the model of all others]",
    )
    @functools.wraps(command)
    def with_language(
        *args: Any,  # noqa: ANN401 - passed through
        **options: Any,  # noqa: ANN401 - passed through
    ) -> Any:  # noqa: ANN401 - passed through
        return command(*args, **options)

    return with_language


def _checked(context: click.Context, option: click.Parameter, value: str | None) -> str | None:
    del context, option
    if value is None:
        return None
    code = value.lower()
    if len(code) != _LETTERS or not (code.isascii() and code.isalpha()):
        raise click.BadParameter(f"{value!r} is no ISO 639-1 code, such as zh")
    return code
