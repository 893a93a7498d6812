"""`shopkeeper suggest`."""

import asyncio
from typing import TYPE_CHECKING

import click

from shopkeeper.settings_options import settings_options

if TYPE_CHECKING:
    from query_proxy import ShopSuggestions
    from search_core.settings import Settings

_EXAMPLES = """\b
Examples:
  shopkeeper suggest "note" --index products
  shopkeeper suggest "erji" --products 0 --json
  shopkeeper suggest learn --index products

docs/suggest.md says where suggestions come from.
"""
_TYPED = "typed"


class _TextByDefault(click.Group):
    """A group whose first argument is what was typed unless it names a command."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in (*self.commands, *ctx.help_option_names):
            args = [_TYPED, *args]
        return super().parse_args(ctx, args)


_index_option = click.option(
    "--index", default="products", show_default=True, help="Alias or generation."
)


@click.group(cls=_TextByDefault, epilog=_EXAMPLES)
def suggest() -> None:
    """Show what is suggested while a shopper types.

    `shopkeeper suggest TEXT` is short for `shopkeeper suggest typed TEXT`.
    """


@suggest.command(name=_TYPED, epilog=_EXAMPLES)
@click.argument("text")
@_index_option
@click.option("--size", type=click.IntRange(1, 20), default=8, show_default=True, help="At most.")
@click.option(
    "--products",
    type=click.IntRange(0, 10),
    default=3,
    show_default=True,
    help="Products at most that the letters find.",
)
@click.option("--json", "as_json", is_flag=True, help="Print what /shop/suggest answers.")
@settings_options
def typed(
    text: str, index: str, size: int, products: int, as_json: bool, settings: "Settings"
) -> None:
    """Print what `/shop/suggest` answers for the letters so far."""
    from query_proxy import suggestions_for
    from shopkeeper.composition import search_engine_settings
    from shopkeeper.console import out

    resolved = settings.model_copy(update={"search_engine": search_engine_settings(settings)})
    found = asyncio.run(suggestions_for(resolved, index, text, size=size, products=products))
    if as_json:
        out(found.model_dump_json(indent=2))
    else:
        _print(found)


@suggest.command(epilog=_EXAMPLES)
@_index_option
@click.option("--json", "as_json", is_flag=True, help="Print the number as JSON.")
@settings_options
def learn(index: str, as_json: bool, settings: "Settings") -> None:
    """Learn suggestions anew, with what shoppers have searched for since; a reindex does so too.

    Run it once a day, or as often as popular queries should follow what shoppers search for.
    """
    from query_understanding import learn_suggestions
    from shopkeeper.composition import search_engine_client
    from shopkeeper.console import counted, emit_json, out

    count = learn_suggestions(
        search_engine_client(settings), index, settings.suggestions, settings.events
    )
    emit_json({"index": index, "suggestions": count}) if as_json else out(
        f"{index} has {counted(count, 'suggestion')}"
    )


def _print(found: "ShopSuggestions") -> None:
    from shopkeeper.console import note, table

    rows = [(each.text, each.kind, str(each.products or "")) for each in found.suggestions]
    table("Suggestions", ("text", "kind", "products"), rows)
    if found.products:
        products = [(str(each["id"]), str(each["title"])) for each in found.products]
        table("Products", ("id", "title"), products)
    for each in found.degraded:
        note(each)
    note(f"{found.took_ms:.1f} ms")
