"""The report: one HTML file that a manager can read and an engineer can drill into."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evaluation.class_means import class_means
from evaluation.comparison import Comparison
from evaluation.gate import GateVerdict
from evaluation.holes import Holes, find_holes
from evaluation.measures import Evaluation
from evaluation.report_view import means_by_depth, query_views
from evaluation.report_words import (
    headline,
    holes_sentence,
    significance,
    verdict_class,
    wins_and_losses,
)
from evaluation.weight_curve import WeightCurve
from search_core import EvaluationError

if TYPE_CHECKING:
    from jinja2 import Environment

_TEMPLATE = "report.html.j2"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportExtras:
    """What only some reports have."""

    curves: tuple[WeightCurve, ...] = ()
    verdict: GateVerdict | None = None
    notes: tuple[str, ...] = ()
    """Sentences for the summary, e.g. on how a setting was found."""


def write_report(
    path: Path,
    evaluations: Sequence[Evaluation],
    comparisons: Sequence[Comparison],
    made_at: datetime,
    title: str = "Search evaluation",
    extras: ReportExtras | None = None,
) -> None:
    """Write a report. The file needs no other: it can be mailed, or kept with a change.

    Args:
        path: the file.
        evaluations: the first is the baseline.
        comparisons: of the others with it; none for a single system.
        made_at: printed in the page.
        title: printed in the page.
        extras: what only some reports have.

    Raises:
        EvaluationError: the extra is not installed, or the file cannot be written.
    """
    page = render_report(evaluations, comparisons, made_at, title, extras)
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise EvaluationError(
            f"the report cannot be written to {path}: {error.strerror}",
            remedy="give --report a path in a folder that exists and can be written to",
        ) from error


def render_report(
    evaluations: Sequence[Evaluation],
    comparisons: Sequence[Comparison],
    made_at: datetime,
    title: str = "Search evaluation",
    extras: ReportExtras | None = None,
) -> str:
    """Return the report's page; see `write_report`."""
    try:
        from markupsafe import Markup  # noqa: PLC0415 - libraries of an extra

        from evaluation.report_plots import (  # noqa: PLC0415
            measure_by_depth_plot,
            query_difference_plot,
            weight_curve_plot,
        )

        environment = _environment()
    except ModuleNotFoundError as error:
        raise EvaluationError(
            f"a report needs {error.name}, which is not installed",
            remedy="pip install '.[evaluate]' in Shopkeeper's folder",
        ) from error
    extras = extras or ReportExtras()
    by_depth = means_by_depth(evaluations)
    holes = [find_holes(each) for each in evaluations]
    # The plots are drawn here from numbers and names that matplotlib escapes: safe as they are.
    return environment.get_template(_TEMPLATE).render(
        title=title,
        made_at=made_at,
        evaluations=evaluations,
        comparisons=comparisons,
        baseline=evaluations[0],
        measure=evaluations[0].measures[0],
        extras=extras,
        holes=holes,
        queries=query_views(evaluations, comparisons),
        depth_plot=Markup(measure_by_depth_plot(*by_depth)) if by_depth else None,  # noqa: S704
        difference_plots=[Markup(query_difference_plot(each)) for each in comparisons],  # noqa: S704
        curve_plots=[Markup(weight_curve_plot(each)) for each in extras.curves],  # noqa: S704
        classes=[class_means(each) for each in evaluations],
        holes_sentences=[_holes_words(each) for each in holes],
    )


def _environment() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape  # noqa: PLC0415

    environment = Environment(
        loader=PackageLoader("evaluation", "."),
        autoescape=select_autoescape(
            default=True, default_for_string=True, enabled_extensions=("j2",)
        ),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    words: dict[str, Any] = {
        "headline": headline,
        "significance": significance,
        "verdict_class": verdict_class,
        "wins_and_losses": wins_and_losses,
    }
    environment.filters.update(words)
    environment.filters["signed"] = lambda value: f"{value:+.3f}"
    environment.filters["three"] = lambda value: f"{value:.3f}"
    return environment


def _holes_words(holes: Holes) -> str:
    if not holes.bounds:
        return ""
    return holes_sentence(holes.bounds[0], holes.unjudged_a_query, holes.depth)
