"""The report in a real browser, as wide as a phone and as a desktop."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from evaluation import (
    Answer,
    CurvePoint,
    Interval,
    JudgedQuery,
    Judgment,
    Judgments,
    Measure,
    ReportExtras,
    Run,
    ShownHit,
    WeightCurve,
    compare,
    measure_run,
    parse_measures,
    write_report,
)
from search_core.settings import EvaluationSettings
from tests.e2e.chromium import DESKTOP, PHONE, browser


def report(path: Path) -> Path:
    """A report with all that could burst a page: long words, other scripts, markup, no hits."""
    queries = [
        JudgedQuery(text="red dress", filters=("brand=Aria & Söhne",)),
        JudgedQuery(text="床单 纯棉"),
        JudgedQuery(text="x" * 120),
        JudgedQuery(text='<script>throw new Error("query")</script>'),
        *(JudgedQuery(text=f"query number {number}") for number in range(40)),
    ]
    judgments = Judgments.of(
        Judgment(query=query, product_id=f"p{number}", grade=number % 4)
        for query in queries
        for number in range(8)
    )

    def run(name, shift):
        answers = {}
        for place, query in enumerate(queries[:-1]):
            ids = [f"p{(number * 3 + shift * place) % 14}" for number in range(14)]
            answers[query.key] = Answer(
                product_ids=tuple(dict.fromkeys(ids)),
                latency_ms=10.0 + place,
                shown=tuple(
                    ShownHit(
                        product_id=each,
                        title=f"Title of {each} "
                        + "long-word" * 9
                        + "<img src=x onerror=alert(1)>",
                        explanation=("It has every word of the query: rank 1 of all_terms.",),
                    )
                    for each in dict.fromkeys(ids)
                ),
            )
        return Run(name=name, answers=answers, depth=100)

    measures = parse_measures(["nDCG@10", "RR@10", "Judged@10"])
    names = (
        "现在 $_present",
        "with fusion.dense_weight=2.25, fusion.method=distribution",
        "c" * 60,
    )
    evaluations = [
        measure_run(run(name, shift), judgments, measures)
        for name, shift in zip(names, (0, 1, 5), strict=True)
    ]
    curve = WeightCurve(
        setting="retrieval.fusion.dense_weight",
        present=1.0,
        measure=Measure.parse("nDCG@10"),
        points=tuple(
            CurvePoint(value=v / 2, mean=0.5 + v / 50, interval=Interval(low=0.4, high=0.7))
            for v in range(6)
        ),
    )
    write_report(
        path,
        evaluations,
        compare(evaluations[0], evaluations[1:], EvaluationSettings(resamples=199)),
        made_at=datetime(2026, 1, 2, 3, 4, tzinfo=UTC),
        title="Evaluation of <b>search</b>",
        extras=ReportExtras(curves=(curve,), notes=("A note.",)),
    )
    return path


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> Path:
    return report(tmp_path_factory.mktemp("report") / "report.html")


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
async def test_nothing_is_wider_than_the_page_with_every_query_opened(page, tmp_path, width):
    async with browser(tmp_path / "profile") as chromium:
        await chromium.open(page, width)
        await chromium.evaluate("document.querySelector('details').open = true")
        if folder := os.environ.get("SHOPKEEPER_TEST_SCREENSHOTS"):
            await chromium.screenshot(Path(folder) / f"report-{width}.png")
        await chromium.evaluate(
            "document.querySelectorAll('details').forEach(each => { each.open = true; })"
        )
        shown = await chromium.evaluate("document.documentElement.clientWidth")
        assert width - 20 <= shown <= width
        assert await chromium.evaluate("document.documentElement.scrollWidth") <= shown


async def test_the_page_runs_without_a_word_on_the_console(page, tmp_path):
    async with browser(tmp_path / "profile") as chromium:
        await chromium.open(page, DESKTOP)
        await chromium.evaluate("document.querySelector('summary').click()")
        assert chromium.complaints == []


async def test_markup_in_queries_titles_and_names_is_shown_not_run(page, tmp_path):
    async with browser(tmp_path / "profile") as chromium:
        await chromium.open(page, DESKTOP)
        assert await chromium.evaluate("document.querySelectorAll('img').length") == 0
        assert await chromium.evaluate("document.querySelectorAll('script').length") == 1
        assert "<b>search</b>" in await chromium.evaluate("document.title")


async def test_typing_a_query_leaves_only_the_queries_that_have_it(page, tmp_path):
    async with browser(tmp_path / "profile") as chromium:
        await chromium.open(page, PHONE)
        await chromium.evaluate("filter.value = '床单'; filter.dispatchEvent(new Event('input'));")
        shown = await chromium.evaluate(
            "[...document.querySelectorAll('#list > details')].filter(each => !each.hidden)"
            ".map(each => each.dataset.query).join('|')"
        )
        assert shown == "床单 纯棉"


async def test_text_in_plots_is_large_enough_to_read_on_a_phone(page, tmp_path):
    async with browser(tmp_path / "profile") as chromium:
        await chromium.open(page, PHONE)
        smallest = await chromium.evaluate(
            "Math.min(...[...document.querySelectorAll('figure svg text')]"
            ".map(each => each.getBoundingClientRect().height))"
        )
        assert smallest >= 8
