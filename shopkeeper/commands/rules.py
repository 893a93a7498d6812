"""`shopkeeper rules`."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from shopkeeper.judgment_options import JudgmentReader, judgment_options
from shopkeeper.settings_options import settings_options

if TYPE_CHECKING:
    from query_understanding import QueryRule
    from search_core.settings import Settings
    from shopkeeper.rules_session import MeasuredGain, MeasuredProposal

_EXAMPLES = """\b
Examples:
  shopkeeper rules check rules.txt
  shopkeeper rules preview rules.txt judgments.csv --query "notebook bag"
  shopkeeper rules propose judgments.csv --index products --events ubi.ndjson
  shopkeeper rules accept rules.txt "notebook=laptop" "tv=television"
"""
_FILE = click.Path(path_type=Path, dir_okay=False)


@click.group(epilog=_EXAMPLES)
def rules() -> None:
    """Check, preview and extend the shop's query rules (Querqy's common-rules syntax)."""


@rules.command(epilog=_EXAMPLES)
@click.argument("path", type=_FILE)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def check(path: Path, as_json: bool) -> None:
    """Read a file of rules, list what it does, and name what contradicts itself.

    Exit status 2: lines cannot be read, each named by its number. 1: rules contradict each other.
    """
    from query_understanding import conflicts, read_rules
    from shopkeeper.console import emit_json, note

    found = read_rules(path)
    contradictions = conflicts(found)
    if as_json:
        emit_json({"rules": found, "conflicts": contradictions})
    else:
        _print_rules(found)
        for each in contradictions:
            note(f"conflict: {each}")
    if contradictions:
        click.get_current_context().exit(1)


@rules.command(epilog=_EXAMPLES)
@click.argument("path", type=_FILE)
@click.argument("judgments", required=False, type=_FILE)
@click.option("--query", "texts", multiple=True, metavar="TEXT", help="A query; repeatable.")
@click.option("--index", default="products", show_default=True, help="Alias or generation.")
@click.option("--config", type=_FILE, help="Settings file.  [default: shopkeeper.toml]")
@click.option(
    "--size", type=click.IntRange(1, 100), default=10, show_default=True, help="Hits of a page."
)
@click.option(
    "--limit", type=click.IntRange(min=1), default=10, show_default=True,
    help="Judged queries shown, those in which most moves first.",
)  # fmt: skip
@click.option("--explain/--no-explain", default=True, help="Say why hits moved.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@judgment_options
def preview(
    path: Path,
    judgments: Path | None,
    texts: tuple[str, ...],
    index: str,
    config: Path | None,
    size: int,
    limit: int,
    explain: bool,
    as_json: bool,
    reader: JudgmentReader,
) -> None:
    """Show rankings without and with a file of rules; nothing goes live.

    It is `shopkeeper preview` with the rules as the change: the queries are those given by --query,
    those of JUDGMENTS, or both.
    """
    from query_understanding import read_rules
    from shopkeeper.commands.preview import PreviewedChange, show_change
    from shopkeeper.evaluate_extra import evaluate_extra

    read_rules(path)  # broken lines are named before anything is searched
    with evaluate_extra():
        judged = None if judgments is None else reader.read(judgments).checked()
    show_change(
        PreviewedChange(
            index=index,
            config=config,
            candidate=None,
            overrides=(f"query_understanding.rules={path}",),
        ),
        texts,
        judged,
        size=size,
        limit=limit,
        explain=explain,
        as_json=as_json,
    )


@rules.command(epilog=_EXAMPLES)
@click.argument("judgments", required=False, type=_FILE)
@click.option("--index", default="products", show_default=True, help="Alias or generation.")
@click.option(
    "--events", multiple=True, type=_FILE,
    help="UBI queries and events (.ndjson), for what shoppers typed instead; repeatable.",
)  # fmt: skip
@click.option(
    "--limit", type=click.IntRange(1, 1_000), default=50, show_default=True,
    help="Pairs of words proposed.",
)  # fmt: skip
@click.option(
    "--ask", is_flag=True,
    help="Ask the language model of [llm] too; names of kinds of product are sent to it.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@judgment_options
@settings_options
def propose(
    judgments: Path | None,
    index: str,
    events: tuple[Path, ...],
    limit: int,
    ask: bool,
    as_json: bool,
    reader: JudgmentReader,
    settings: "Settings",
) -> None:
    """Propose synonyms from the catalogue, its encoder, what shoppers typed, or a language model.

    Each comes with what speaks for it and, where JUDGMENTS have queries with either word, with what
    it does to them. Nothing is changed: `shopkeeper rules accept` does that.
    """
    from shopkeeper.evaluate_extra import evaluate_extra

    with evaluate_extra():
        from shopkeeper.rules_session import ProposalRequest
        from shopkeeper.rules_session import propose as find
    from shopkeeper.console import emit_json, note, progress

    request = ProposalRequest(
        index=index,
        settings=settings,
        judgments=None if judgments is None else reader.read(judgments).checked(),
        events=events,
        limit=limit,
        ask=ask,
    )
    with progress() as listener:
        found = find(request, listener)
    if as_json:
        emit_json(found)
        return
    if not found:
        note(
            "nothing is proposed: no two words of the catalogue are alike enough; --events adds "
            "what shoppers typed instead"
        )
        return
    _print_proposals(found)
    note('accept with: shopkeeper rules accept FILE "term=synonym" …')


@rules.command(epilog=_EXAMPLES)
@click.argument("path", type=_FILE)
@click.argument("pairs", nargs=-1, required=True, metavar="TERM=SYNONYM...")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def accept(path: Path, pairs: tuple[str, ...], as_json: bool) -> None:
    """Add synonyms to a file of rules, in both directions.

    A running server whose `query_understanding.rules` names the file uses them within seconds.
    """
    from query_understanding import accept_synonyms
    from shopkeeper.console import counted, emit_json, note

    added = accept_synonyms(path, [_pair(each) for each in pairs])
    if as_json:
        emit_json({"path": str(path), "added": added})
    else:
        said = f"added {counted(added, 'synonym')} to {path}"
        note(said if added else f"{path} has them all already")


def _pair(text: str) -> tuple[str, str]:
    term, separator, synonym = (part.strip() for part in text.partition("="))
    if not separator or not term or not synonym:
        raise click.BadParameter(f"{text!r} is not TERM=SYNONYM", param_hint="PAIRS")
    if term.casefold() == synonym.casefold():
        raise click.BadParameter(f"{text!r} has the same on both sides", param_hint="PAIRS")
    return term, synonym


def _print_rules(found: "Sequence[QueryRule]") -> None:
    from shopkeeper.console import table

    rows = [
        (str(rule.line), rule.input, each.written) for rule in found for each in rule.instructions
    ]
    table("Rules", ("line", "input", "instruction"), rows)


def _print_proposals(found: "Sequence[MeasuredProposal]") -> None:
    from shopkeeper.console import table

    rows = [
        (
            f"{each.proposal.term}={each.proposal.synonym}",
            _gain(each.gain),
            "; ".join(evidence.detail for evidence in each.proposal.evidence),
        )
        for each in found
    ]
    table("Proposed synonyms", ("pair", "gain on judged queries", "evidence"), rows)


def _gain(gain: "MeasuredGain | None") -> str:
    if gain is None:
        return "no judged query has it"
    said = f"{gain.difference:+.3f} (judged hits alone {gain.judged_only_difference:+.3f})"
    if gain.queries == 1:
        return f"{said} on 1 query"
    low, high = gain.interval.low, gain.interval.high
    return f"{said}, {low:+.3f} to {high:+.3f} on {gain.queries} queries"
