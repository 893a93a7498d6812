"""The report's plots, as SVG that stands in the page itself."""

import html
import io
import warnings
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.figure import Figure

from evaluation.comparison import Comparison
from evaluation.weight_curve import WeightCurve

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_BETTER, _WORSE, _QUIET = "#1a7f4b", "#c0392b", "#8a94a3"
_LINES = ("#4a5568", "#1f6feb", "#1a7f4b", "#b35900", "#8250df", "#c0392b", "#0b7285", "#9c36b5")
_SIZE = (5.6, 2.9)
"""Inches. Shown as wide as the page: text of 10 points is still readable at a phone's width."""
_LEGEND_CHARS = 32
_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 10.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": _QUIET,
    "axes.labelcolor": "#2d3748",
    "xtick.color": "#2d3748",
    "ytick.color": "#2d3748",
}


def query_difference_plot(comparison: Comparison) -> str:
    """Draw one bar a query, the greatest win first."""
    with mpl.rc_context({**_STYLE, "svg.hashsalt": f"queries {comparison.candidate.name}"}):
        figure, axes = _figure()
        values = [each.difference for each in comparison.queries]
        colours = [_BETTER if value > 0 else _WORSE for value in values]
        axes.bar(range(1, len(values) + 1), values, color=colours, width=0.9)
        axes.axhline(0, color=_QUIET, linewidth=0.8)
        axes.set_xlabel("queries, greatest win first")
        axes.set_ylabel(f"change of {comparison.measure}")
        return _svg(figure, "Change of each query")


def measure_by_depth_plot(family: str, means: Mapping[str, Mapping[int, float]]) -> str:
    """Draw a measure at growing cut-offs, one line a system.

    Args:
        family: the measure's name without its cut-off.
        means: system → cut-off → mean.
    """
    with mpl.rc_context({**_STYLE, "svg.hashsalt": "depth"}):
        figure, axes = _figure()
        for number, (name, by_cutoff) in enumerate(means.items()):
            axes.plot(
                range(len(by_cutoff)),
                list(by_cutoff.values()),
                marker="o",
                markersize=4,
                color=_LINES[number % len(_LINES)],
                label=_legend_text(name),
            )
        cutoffs = list(next(iter(means.values())))
        axes.set_xticks(range(len(cutoffs)), [str(each) for each in cutoffs])
        axes.set_xlabel("hits looked at (k)")
        axes.set_ylabel(f"{family}@k")
        axes.legend(frameon=False, fontsize=9)
        return _svg(figure, f"{family} by the number of hits looked at")


def weight_curve_plot(curve: WeightCurve) -> str:
    """Draw a measure over a setting's values, with its interval."""
    with mpl.rc_context({**_STYLE, "svg.hashsalt": f"curve {curve.setting}"}):
        figure, axes = _figure()
        values = [each.value for each in curve.points]
        means = [each.mean for each in curve.points]
        axes.fill_between(
            values,
            [each.interval.low for each in curve.points],
            [each.interval.high for each in curve.points],
            color=_LINES[1],
            alpha=0.12,
            linewidth=0,
        )
        axes.plot(values, means, marker="o", markersize=4, color=_LINES[1])
        axes.axvline(curve.present, color=_QUIET, linestyle="--", linewidth=1)
        axes.annotate(
            "now", (curve.present, axes.get_ylim()[1]), color="#4a5568", va="top", fontsize=9,
            xytext=(3, 0), textcoords="offset points",
        )  # fmt: skip
        axes.set_xlabel(curve.setting)
        axes.set_ylabel(str(curve.measure))
        return _svg(figure, f"{curve.measure} over {curve.setting}")


def _figure() -> "tuple[Figure, Axes]":
    figure = Figure(figsize=_SIZE, layout="constrained")
    return figure, figure.subplots()


def _legend_text(name: str) -> str:
    """Return a name that fits, without what matplotlib takes for a formula or a hidden line."""
    short = name if len(name) <= _LEGEND_CHARS else f"{name[: _LEGEND_CHARS - 1]}…"
    return short.lstrip("_").replace("$", r"\$")


def _svg(figure: Figure, label: str) -> str:
    """Return the drawing alone, fit to the width of what holds it."""
    text = io.StringIO()
    with warnings.catch_warnings():
        # The browser has the glyphs; matplotlib only measures with a font that may not.
        warnings.filterwarnings("ignore", message=r"Glyph .* missing")
        figure.savefig(
            text, format="svg", metadata={"Date": None, "Creator": None}, transparent=True
        )
    drawing = text.getvalue()
    drawing = drawing[drawing.index("<svg") :]
    opening, _, rest = drawing.partition(">")
    kept = _attributes(opening, ("viewBox", "xmlns", "xmlns:xlink"))
    return f'<svg {kept} role="img" aria-label="{html.escape(label)}">{rest}'


def _attributes(opening: str, names: Sequence[str]) -> str:
    """Keep some attributes of an opening tag; width and height would keep it from shrinking."""
    found = []
    for name in names:
        start = opening.find(f' {name}="')
        if start >= 0:
            end = opening.index('"', start + len(name) + 3)
            found.append(opening[start + 1 : end + 1])
    return " ".join(found)
