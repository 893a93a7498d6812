import pytest

from evaluation.click_grades import GradeScale, click_grades
from evaluation.click_log import LoggedSearch, ShownProduct
from evaluation.click_models import ClickModel
from evaluation.click_table import click_table


def table_of(clicks_of, sessions=20):
    """Every product alone at rank 1 of its own searches, so that the lift is its click rate over
    the mean rate (but for the two average showings that each starts with)."""
    return click_table(
        [
            LoggedSearch(
                query="tea",
                session=f"{product}-{number}",
                shown=(ShownProduct(product_id=product, rank=1, clicked=number < clicks),),
            )
            for product, clicks in clicks_of.items()
            for number in range(sessions)
        ]
    )


def test_grades_follow_the_stated_multiples_of_the_average():
    # 20 showings each, 24 clicks over 80: the mean rate is 0.3, 6 clicks are average.
    table = table_of({"never": 0, "below": 4, "above": 7, "far-above": 13})
    grades = {each.product_id: each.grade for each in click_grades(table, ClickModel.COEC)}
    assert grades == {"never": 0, "below": 1, "above": 2, "far-above": 3}


def test_quantiles_give_each_grade_to_as_many_pairs():
    table = table_of({f"p{clicks}": clicks for clicks in (1, 3, 5, 7, 9, 11, 13, 15)})
    grades = click_grades(table, ClickModel.COEC, scale=GradeScale.QUANTILES)
    assert sorted(each.grade for each in grades) == [0, 0, 1, 1, 2, 2, 3, 3]


def test_each_grade_says_how_many_sessions_and_clicks_it_rests_on():
    (grade,) = click_grades(table_of({"a": 5}), ClickModel.COEC)
    assert (grade.sessions, grade.clicks, grade.shown) == (20, 5, 20)
    assert grade.lift == pytest.approx(1.0)


def test_pairs_with_too_few_sessions_stay_unjudged():
    assert click_grades(table_of({"a": 5}, sessions=9)) == ()
    assert len(click_grades(table_of({"a": 5}, sessions=9), min_sessions=9)) == 1


def test_one_session_that_searches_again_and_again_counts_once():
    searches = [
        LoggedSearch(
            query="tea",
            session="the same",
            shown=(ShownProduct(product_id="a", rank=1, clicked=True),),
        )
        for _ in range(50)
    ]
    assert click_grades(click_table(searches)) == ()


def test_own_cuts_make_a_binary_scale():
    table = table_of({"seldom": 1, "often": 15})
    grades = {each.product_id: each.grade for each in click_grades(table, cuts=[1.0])}
    assert grades == {"seldom": 0, "often": 1}
