"""`shopkeeper judgments from-events`: grade products from shoppers' clicks."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from shopkeeper.judgment_options import FORMATS

if TYPE_CHECKING:
    from evaluation import ClickGrade, ClickLog, ClickTable, Judgments

_EXAMPLES = """\b
Examples:
  shopkeeper judgments from-events ubi.ndjson.gz --output clicks.jsonl
  shopkeeper judgments from-events queries.ndjson events.ndjson --model coec --min-sessions 30
  shopkeeper judgments from-events ubi.ndjson --scale quantiles --cut 0.5 --cut 0.8 --cut 0.95

docs/click_models.md says what the models assume and what the grades mean.
"""
_FEW_MOVED = 0.2
"""Below this share of products seen at several ranks, models rest on assumptions more than on
data, and the user is told."""


@click.command("from-events", epilog=_EXAMPLES)
@click.argument("events", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    default="judgments.jsonl",
    show_default=True,
    help="Judgment file; JSON lines (.jsonl) keep the number of sessions behind each grade.",
)
@click.option(
    "--to",
    "to_format",
    type=click.Choice(FORMATS),
    help="Format that is written.  [default: as the file's name ends]",
)
@click.option(
    "--model",
    type=click.Choice(["position_based", "coec", "cascade"]),
    default="position_based",
    show_default=True,
    help="How clicks are explained, so that a product's place is not taken for its appeal.",
)
@click.option(
    "--scale",
    type=click.Choice(["thresholds", "quantiles"]),
    default="thresholds",
    show_default=True,
    help="Grades by lift (1 is the average product), or by the same number of products each.",
)
@click.option(
    "--cut",
    "cuts",
    type=float,
    multiple=True,
    metavar="NUMBER",
    help="Where the next grade begins, ascending; repeatable.  [default: lift 0.5, 1 and 2, or the "
    "quarters]",
)
@click.option(
    "--min-sessions",
    type=click.IntRange(min=1),
    default=10,
    show_default=True,
    help="Products that fewer sessions were shown for a query stay unjudged.",
)
@click.option(
    "--click-action",
    "click_actions",
    multiple=True,
    metavar="NAME",
    help="action_name that counts as choosing a product; repeatable.  [default: click, item_click, "
    "add_to_cart, purchase]",
)
@click.option("--json", "as_json", is_flag=True, help="Print every grade and what it rests on.")
def judgments_from_events(
    events: tuple[Path, ...],
    output: Path,
    to_format: str | None,
    model: str,
    scale: str,
    cuts: tuple[float, ...],
    min_sessions: int,
    click_actions: tuple[str, ...],
    as_json: bool,
) -> None:
    """Grade products from clicks, with the share of their position taken out.

    EVENTS are JSON lines of OpenSearch's User Behavior Insights (ubi_queries and ubi_events, in
    one file or several, gzipped or not).
    """
    from shopkeeper.evaluate_extra import evaluate_extra

    with evaluate_extra():
        from evaluation import (
            CLICK_ACTIONS,
            ClickModel,
            GradeScale,
            click_grades,
            click_judgments,
            click_table,
            read_click_log,
        )
    from shopkeeper.console import emit_json, progress

    if list(cuts) != sorted(set(cuts)):
        raise click.BadParameter("the numbers have to grow", param_hint="--cut")
    with progress() as listener:
        log = read_click_log(events, click_actions or CLICK_ACTIONS, listener)
    table = click_table(log.searches)
    grades = click_grades(
        table, ClickModel(model), GradeScale(scale), cuts or None, min_sessions=min_sessions
    )
    _say_what_was_read(log, table)
    _write(click_judgments(log, grades), output, to_format, min_sessions)
    emit_json(grades) if as_json else _print(grades)


def _say_what_was_read(log: "ClickLog", table: "ClickTable") -> None:
    from shopkeeper.console import counted, note

    note(
        f"{counted(len(log.searches), 'search')} showed "
        f"{counted(len(table.pair), 'product')}, "
        f"{int(table.clicked.sum()):,} of them were chosen"
    )
    for reason, count in log.unusable.items():
        note(f"set aside: {count:,} {reason}")
    moved = table.share_seen_at_several_ranks
    if moved < _FEW_MOVED:
        note(
            f"only {moved:.0%} of the products were seen at more than one rank for their query, so "
            "that position and appeal are hard to tell apart: take the grades with care"
        )


def _write(judgments: "Judgments", output: Path, to_format: str | None, min_sessions: int) -> None:
    from evaluation import JudgmentFormat, write_judgments
    from search_core import JudgmentsError
    from shopkeeper.console import counted, note

    if not len(judgments):
        raise JudgmentsError(
            f"no product was shown to {min_sessions} sessions for the same query",
            remedy="give a longer log, or lower --min-sessions",
        )
    write_judgments(judgments, output, JudgmentFormat(to_format) if to_format else None)
    queries = counted(len(judgments.queries), "query")
    note(f"wrote {output}: {counted(len(judgments), 'judgment')} of {queries}")


def _print(grades: "tuple[ClickGrade, ...]") -> None:
    from shopkeeper.console import table

    rows = []
    for grade in sorted({each.grade for each in grades}, reverse=True):
        chosen = [each for each in grades if each.grade == grade]
        lifts = [each.lift for each in chosen]
        sessions = sorted(each.sessions for each in chosen)
        rows.append(
            (
                str(grade),
                f"{len(chosen):,}",
                f"{min(lifts):.2f} to {max(lifts):.2f}",
                f"{sessions[len(sessions) // 2]:,}",
                f"{sum(each.clicks for each in chosen):,}",
            )
        )
    table("Grades", ("grade", "products", "lift", "sessions, median", "clicks"), rows)
