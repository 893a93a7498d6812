from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from evaluation.comparison import compare
from evaluation.gate import decide
from evaluation.judgments import JudgedQuery, Judgment, Judgments
from evaluation.measures import measure_run, parse_measures
from evaluation.report import ReportExtras, render_report, write_report
from evaluation.report_view import means_by_depth, query_views
from evaluation.run import Answer, Run, ShownHit
from search_core import EvaluationError
from search_core.settings import EvaluationSettings

NOW = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
TEA, MUG = JudgedQuery(text="tea <green>"), JudgedQuery(text="mug", filters=("price<5",))
JUDGMENTS = Judgments.of(
    [
        Judgment(query=TEA, product_id="sencha", grade=3),
        Judgment(query=MUG, product_id="blue", grade=1),
        Judgment(query=JudgedQuery(text="nothing good"), product_id="blue", grade=0),
    ]
)


def evaluated(name, tea, mug, depth=20):
    def answer(ids):
        shown = tuple(
            ShownHit(product_id=i, title=f"The {i}", explanation=(f"why {i}",)) for i in ids
        )
        return Answer(product_ids=ids, shown=shown, latency_ms=12.0)

    run = Run(name=name, answers={TEA.key: answer(tea), MUG.key: answer(mug)}, depth=depth)
    return measure_run(run, JUDGMENTS, parse_measures(["nDCG@10", "Judged@10"]))


OLD = evaluated("old", ("other", "sencha"), ("blue", "red"))
NEW = evaluated("new", ("sencha", "third"), ("red", "blue"))
COMPARISONS = compare(OLD, [NEW], EvaluationSettings(resamples=199))


def page(**options):
    return render_report([OLD, NEW], COMPARISONS, made_at=NOW, **options)


class Tags(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.open, self.links = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.links += [value for name, value in attrs if name in ("src", "href")]
        if tag not in {"meta", "link", "input", "path", "use", "rect", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag in self.open:
            while self.open.pop() != tag:
                pass


def test_the_page_needs_no_other_file():
    links = Tags(page()).links
    assert all(link.startswith(("data:,", "#")) for link in links)
    assert "@import" not in page()


def test_every_tag_is_closed():
    assert Tags(page()).open == []


def test_queries_and_titles_are_escaped():
    text = page(title="<b>bold</b>")
    assert "tea &lt;green&gt;" in text
    assert "<b>bold</b>" not in text


def test_queries_without_a_relevant_product_are_named_as_left_out():
    assert "1 more queries have no product rated above 0" in page()
    assert "nothing good" in page()


def test_the_same_input_gives_the_same_page():
    assert page() == page()


def test_a_verdict_and_notes_stand_in_the_summary():
    verdict = decide(COMPARISONS[0], EvaluationSettings(resamples=199))
    text = page(extras=ReportExtras(verdict=verdict, notes=("Tuned by hand.",)))
    assert "The gate is not passed." in text
    assert "Tuned by hand." in text


def test_a_single_system_is_reported_without_a_comparison():
    text = render_report([OLD], [], made_at=NOW)
    assert "Nothing is compared" in text


def test_what_a_system_did_without_is_said():
    run = Run(
        name="limping",
        answers={TEA.key: Answer(product_ids=("sencha",), degraded=("without dense: down",))},
        depth=20,
    )
    limping = measure_run(run, JUDGMENTS, parse_measures(["nDCG@10"]))
    assert "limping did not answer as configured" in render_report([limping], [], made_at=NOW)


def test_the_file_is_written_and_a_folder_that_is_missing_is_named(tmp_path):
    write_report(tmp_path / "out.html", [OLD, NEW], COMPARISONS, made_at=NOW)
    assert (tmp_path / "out.html").read_text(encoding="utf-8") == page()
    with pytest.raises(EvaluationError, match=r"missing/out\.html"):
        write_report(tmp_path / "missing/out.html", [OLD], [], made_at=NOW)


def test_queries_come_with_the_greatest_win_first_and_say_what_moved():
    tea, mug = query_views([OLD, NEW], COMPARISONS)
    assert (tea.query, mug.query) == (TEA, MUG)
    assert tea.swing > 0 > mug.swing
    first, second = tea.columns[1].hits
    assert (first.product_id, first.move, first.grade) == ("sencha", 1, 3)
    assert (second.product_id, second.move, second.grade) == ("third", None, None)
    assert first.explanation == ("why sencha",)


def test_hits_that_did_not_move_are_not_explained():
    tea, _ = query_views([OLD, NEW], COMPARISONS)
    assert all(hit.explanation == () for hit in tea.columns[0].hits)


def test_the_deciding_measure_is_taken_at_growing_cut_offs_within_the_runs_depth():
    family, means = means_by_depth([OLD, NEW])
    assert family == "nDCG"
    assert list(means["old"]) == [1, 3, 5, 10, 20]
    assert means["new"][1] == pytest.approx((1 + 0) / 2)


def test_a_measure_without_a_cut_off_has_no_curve():
    run = Run(name="a", answers={TEA.key: Answer(product_ids=("sencha",))})
    evaluation = measure_run(run, JUDGMENTS, parse_measures(["RR"]))
    assert means_by_depth([evaluation]) is None
