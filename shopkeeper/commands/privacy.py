"""`shopkeeper privacy`."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import click

from shopkeeper.settings_options import settings_options

if TYPE_CHECKING:
    from search_core.settings import Settings
    from search_engine import OpenSearch

_EXAMPLES = """\b
Examples:
  shopkeeper privacy find customer-4711
  shopkeeper privacy find 5e3b2a1c --kind session --json
  shopkeeper privacy forget customer-4711 --yes

docs/privacy.md says what is stored, and in which form.
"""
_KINDS = ("client", "user", "session")

_kind_option = click.option(
    "--kind",
    "kinds",
    type=click.Choice(_KINDS),
    multiple=True,
    help="What the id names; repeatable.  [default: client, user]",
)
_json_option = click.option("--json", "as_json", is_flag=True, help="Print the numbers as JSON.")


@click.group(epilog=_EXAMPLES)
def privacy() -> None:
    """Find and delete what is stored of a shopper."""


@privacy.command(epilog=_EXAMPLES)
@click.argument("shopper_id")
@_kind_option
@_json_option
@settings_options
def find(shopper_id: str, kinds: tuple[str, ...], as_json: bool, settings: "Settings") -> None:
    """Count the searches and events stored of SHOPPER_ID, and print its pseudonyms."""
    from search_engine import count_shopper_records

    _in_each_index(shopper_id, kinds, settings, count_shopper_records, as_json=as_json)


@privacy.command(epilog=_EXAMPLES)
@click.argument("shopper_id")
@_kind_option
@click.option("--yes", is_flag=True, help="Do not ask first.")
@_json_option
@settings_options
def forget(
    shopper_id: str, kinds: tuple[str, ...], yes: bool, as_json: bool, settings: "Settings"
) -> None:
    """Delete the searches and events stored of SHOPPER_ID, for good."""
    from search_engine import delete_shopper_records

    if not yes:
        click.confirm(f"Delete what is stored of {shopper_id}, for good?", abort=True, err=True)
    _in_each_index(shopper_id, kinds, settings, delete_shopper_records, as_json=as_json)


def _in_each_index(
    shopper_id: str,
    kinds: Sequence[str],
    settings: "Settings",
    work: "Callable[[OpenSearch, str, Sequence[str]], int]",
    *,
    as_json: bool,
) -> None:
    from privacy import IdKind, ShopperPrivacy
    from search_core import ConfigurationError
    from shopkeeper.composition import search_engine_client
    from shopkeeper.console import emit_json, note, table

    pseudonyms = ShopperPrivacy(settings.privacy).pseudonyms
    if not pseudonyms.available:
        raise ConfigurationError(
            "there are no privacy.pseudonym_keys, so that no pseudonym can be computed",
            remedy="give the keys that the proxy runs with; without keys it stores no ids",
        )
    made = [
        each for kind in kinds or _KINDS[:2] for each in pseudonyms.all_of(shopper_id, IdKind(kind))
    ]
    client = search_engine_client(settings)
    indices = (settings.events.queries_index, settings.events.events_index)
    counts = {index: work(client, index, made) for index in indices}
    if as_json:
        emit_json({"pseudonyms": made, "records": counts})
        return
    table("Records", ("index", "records"), [(index, f"{n:,}") for index, n in counts.items()])
    for each in made:
        note(f"pseudonym {each}")
