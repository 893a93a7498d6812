"""`shopkeeper doctor`."""

from typing import TYPE_CHECKING

import click

from shopkeeper.settings_options import settings_options

if TYPE_CHECKING:
    from search_core.settings import Settings


@click.command(
    epilog="""\b
Examples:
  shopkeeper doctor
  shopkeeper doctor --json

Exit status: 0 nothing failed, 1 something did, 2 wrong usage or configuration."""
)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@settings_options
def doctor(as_json: bool, settings: "Settings") -> None:
    """Check what is installed, reachable and compatible.

    Loads the model of every index that Shopkeeper made, which downloads it where it is missing.
    """
    import sys

    from shopkeeper.console import emit_json, table
    from shopkeeper.health_checks import State, run_checks

    results = run_checks(settings)
    if as_json:
        emit_json({"checks": results})
    else:
        rows = [(each.name, each.state.value, each.detail) for each in results]
        table("Doctor", ("check", "state", "detail"), rows)
    if any(each.state is State.FAILED for each in results):
        sys.exit(1)
