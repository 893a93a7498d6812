import xml.etree.ElementTree as ET

import pytest

from evaluation.measures import Measure
from evaluation.report_plots import measure_by_depth_plot, weight_curve_plot
from evaluation.significance import Interval
from evaluation.weight_curve import CurvePoint, WeightCurve

MEANS = {1: 0.4, 5: 0.5}


@pytest.mark.parametrize("name", ["现在", "costs $5 or $6", "_hidden", 'a<b>&"c"', "x" * 90])
def test_whatever_a_system_is_called_its_line_is_drawn_and_named(name):
    root = ET.fromstring(measure_by_depth_plot("nDCG", {name: MEANS, "other": MEANS}))
    texts = ["".join(each.itertext()) for each in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "other" in texts
    assert any(text.strip("…").lstrip("_") in name for text in texts if len(text) > 1)


def test_a_drawing_has_no_fixed_size_so_that_it_shrinks_with_the_page():
    drawing = measure_by_depth_plot("nDCG", {"a": MEANS})
    opening = drawing[: drawing.index(">")]
    assert "viewBox=" in opening
    assert " width=" not in opening


def test_a_drawing_says_in_words_what_it_shows():
    curve = WeightCurve(
        setting="fusion.dense_weight",
        present=1.0,
        measure=Measure.parse("nDCG@10"),
        points=tuple(
            CurvePoint(value=value, mean=0.5, interval=Interval(low=0.4, high=0.6))
            for value in (0.0, 1.0)
        ),
    )
    assert 'aria-label="nDCG@10 over fusion.dense_weight"' in weight_curve_plot(curve)
