from evaluation.judgments import JudgedQuery, Judgment, Judgments
from evaluation.preview import preview_queries
from evaluation.run import Answer, Run, ShownHit

TEA = JudgedQuery(text="tea")


def run(*ids, said=None):
    shown = tuple(
        ShownHit(product_id=each, title=f"The {each}", explanation=(said or {}).get(each, ()))
        for each in ids
    )
    return Run(name="run", answers={TEA.key: Answer(product_ids=ids, shown=shown)})


def previewed(before, after, **options):
    (found,) = preview_queries(before, after, [TEA], **options)
    return found


def test_products_stand_in_the_new_order_and_those_that_left_come_last():
    found = previewed(run("a", "b", "c"), run("c", "a", "d"), size=3)
    assert [(row.hit.product_id, row.rank_before, row.rank_after) for row in found.rows] == [
        ("c", 3, 1),
        ("a", 1, 2),
        ("d", None, 3),
        ("b", 2, None),
    ]
    assert found.moved == 4


def test_a_product_that_left_the_page_is_followed_to_where_it_went():
    found = previewed(run("a", "b"), run("b", "c", "a"), size=1)
    assert [(row.hit.product_id, row.rank_after) for row in found.rows] == [("b", 1), ("a", 3)]


def test_nothing_moves_between_equal_rankings():
    found = previewed(run("a", "b"), run("a", "b"))
    assert found.moved == 0
    assert all(row.why == () for row in found.rows)


def test_only_what_was_not_said_before_explains_a_move():
    before = run("a", "b", said={"b": ("It has every word.", "rank 2")})
    after = run("b", "a", said={"b": ("It has every word.", "rank 1")})
    found = previewed(before, after)
    assert found.rows[0].why == ("rank 1",)


def test_a_product_that_left_keeps_what_was_said_of_it():
    found = previewed(run("a", said={"a": ("rank 1",)}), run("b"))
    assert found.rows[1].why == ("before: rank 1",)


def test_grades_are_shown_where_there_are_judgments():
    judgments = Judgments.of([Judgment(query=TEA, product_id="a", grade=2)])
    found = previewed(run("a", "b"), run("b", "a"), judgments=judgments)
    assert [row.grade for row in found.rows] == [None, 2]


def test_a_query_without_hits_has_no_rows():
    empty = Run(name="run", answers={})
    assert previewed(empty, empty).rows == ()
