"""`shopkeeper understand`."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import click

from shopkeeper.commands.understand_train import evaluate, train
from shopkeeper.settings_options import settings_options

if TYPE_CHECKING:
    from query_understanding import ChainOutcome
    from search_core import QueryPlan
    from search_core.settings import Settings

_EXAMPLES = """\b
Examples:
  shopkeeper understand "wirless headfones under 50"
  shopkeeper understand "500元以下的手机壳 不要塑料" --index products --json
  shopkeeper understand learn --index products
  shopkeeper understand rules rules.txt
  shopkeeper understand train --queries labelled.csv --index products
  shopkeeper understand evaluate labelled.csv --index products
"""
_QUERY = "query"


class _QueryByDefault(click.Group):
    """A group whose first argument is a query unless it names a command."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in (*self.commands, *ctx.help_option_names):
            args = [_QUERY, *args]
        return super().parse_args(ctx, args)


_index_option = click.option(
    "--index", default="products", show_default=True, help="Alias or generation."
)


@click.group(cls=_QueryByDefault, epilog=_EXAMPLES)
def understand() -> None:
    """Show what a query is taken to mean, step by step.

    `shopkeeper understand TEXT` is short for `shopkeeper understand query TEXT`.
    """


@understand.command(name=_QUERY, epilog=_EXAMPLES)
@click.argument("text")
@_index_option
@click.option("--json", "as_json", is_flag=True, help="Print the plan as JSON.")
@settings_options
def query(text: str, index: str, as_json: bool, settings: "Settings") -> None:
    """Print the plan of a query, what each rewriter did, and how long it took."""
    from shopkeeper.composition import query_understanding
    from shopkeeper.console import emit_json, note

    understanding = query_understanding(settings)
    if understanding is None:
        note("query understanding is switched off: set query_understanding.enabled=true")
        return
    # Twice: the first query of a process also loads the lexicon, which no later one waits for.
    asyncio.run(understanding.plan(index, text))
    outcome = asyncio.run(understanding.explained(index, text))
    if as_json:
        emit_json(outcome)
    else:
        _print(outcome)


@understand.command(epilog=_EXAMPLES)
@_index_option
@settings_options
def learn(index: str, settings: "Settings") -> None:
    """Learn the language of a catalogue anew; every reindex does so by itself."""
    from query_understanding import learn_catalogue
    from shopkeeper.composition import search_engine_client
    from shopkeeper.console import table

    lexicon = learn_catalogue(search_engine_client(settings), index)
    table(
        "Learned",
        ("what", "how many"),
        [
            ("products", f"{lexicon.products:,}"),
            ("words", f"{len(lexicon.words):,}"),
            ("brands", f"{len(lexicon.brands):,}"),
            ("kinds of product", f"{len(lexicon.kinds):,}"),
            ("attribute values", f"{len(lexicon.values):,}"),
        ],
    )


@understand.command(epilog=_EXAMPLES)
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
def rules(path: Path) -> None:
    """Check a file of rules, list what it does, and name what contradicts itself."""
    from query_understanding import conflicts, read_rules
    from shopkeeper.console import note, table

    found = read_rules(path)
    rows = [
        (str(rule.line), rule.input, each.written) for rule in found for each in rule.instructions
    ]
    table("Rules", ("line", "input", "instruction"), rows)
    for each in conflicts(found):
        note(f"conflict: {each}")


understand.add_command(train)
understand.add_command(evaluate)


def _print(outcome: "ChainOutcome") -> None:
    from retrieval import filter_words
    from shopkeeper.console import note, out, table

    plan = outcome.plan
    out(f"text      {plan.text or '(everything)'}")
    for variant in plan.variants:
        out(f"or        {variant}")
    if plan.suggestion is not None:
        out(f"did you mean {plan.suggestion}?")
    for each in plan.inferred_filters:
        out(f"filter    {filter_words(each.filter)}   (from {each.reason!r})")
    for boost in plan.boosts:
        out(f"{'prefer' if boost.weight > 0 else 'avoid':9} {filter_words(boost.filter)}   "
            f"({boost.weight:+.2f})")  # fmt: skip
    _print_classes(plan)
    took = {each.rewriter: each.took_ms for each in outcome.times}
    table("Steps", ("rewriter", "what it did", "ms"), _steps(plan, took))
    note(f"{outcome.total_ms:.2f} ms; language {plan.language or 'not determined'}")


def _print_classes(plan: "QueryPlan") -> None:
    """Print what the query was taken for: no part of it changes what is searched."""
    from shopkeeper.console import out

    if plan.intent is not None:
        out(f"intent    {plan.intent.replace('_', ' ')} ({plan.intent_confidence or 0:.0%})")
    if plan.categories:
        shares = ", ".join(f"{each.name} ({each.share:.0%})" for each in plan.categories)
        out(f"about     {plan.category or 'no category for sure'}: {shares}")
    for entity in plan.entities:
        out(f"names     {entity.words}: {entity.field} {entity.value}")
    languages = {each.language for each in plan.word_languages} - {None}
    if len(languages) > 1:
        words = ", ".join(f"{each.word} ({each.language or 'any'})" for each in plan.word_languages)
        out(f"languages {words}")


def _steps(plan: "QueryPlan", took: dict[str, float]) -> list[tuple[str, str, str]]:
    said: dict[str, list[str]] = {name: [] for name in took}
    for step in plan.log:
        said.setdefault(step.rewriter, []).append(step.message)
    return [
        (name, "; ".join(messages) or "nothing to do", f"{took.get(name, 0.0):.2f}")
        for name, messages in said.items()
    ]
