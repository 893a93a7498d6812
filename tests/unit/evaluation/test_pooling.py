import csv
import io
from math import log2

import pytest

from evaluation.judgments import JudgedQuery, Judgment, Judgments
from evaluation.measures import Measure, measure_run, parse_measures
from evaluation.pooling import pool_csv, pool_hits
from evaluation.run import Answer, Run, ShownHit
from search_core import EvaluationError

NDCG = Measure.parse("nDCG@10")
TEA, MUG = JudgedQuery(text="tea"), JudgedQuery(text="mug, large")
JUDGMENTS = Judgments.of(
    [
        Judgment(query=TEA, product_id="green", grade=1),
        Judgment(query=MUG, product_id="blue", grade=1),
        Judgment(query=MUG, product_id="red", grade=0),
        Judgment(query=MUG, product_id="grey", grade=0),
    ]
)


def evaluated(name, tea=(), mug=(), titles=()):
    shown = tuple(ShownHit(product_id=product_id, title=title) for product_id, title in titles)
    run = Run(
        name=name,
        answers={
            TEA.key: Answer(product_ids=tea, shown=shown),
            MUG.key: Answer(product_ids=mug),
        },
    )
    return measure_run(run, JUDGMENTS, parse_measures(["nDCG@10"]))


def test_the_hit_that_could_move_the_difference_most_comes_first():
    old = evaluated("old", tea=("green",), mug=("blue",))
    new = evaluated("new", tea=("unknown-1", "green"), mug=("blue", "unknown-2"))
    pool = pool_hits([old, new], NDCG)
    assert [each.product_id for each in pool.hits] == ["unknown-1", "unknown-2"]
    # Old would fall from 1 to 1/(1 + 1/log2(3)), new would rise from 1/log2(3) to 1; two queries.
    ideal = 1 + 1 / log2(3)
    assert pool.hits[0].effect == pytest.approx(((1 - 1 / log2(3)) - (1 / ideal - 1)) / 2)
    assert pool.hits[0].ranks == {"new": 1}


def test_a_hit_at_the_same_rank_everywhere_comes_last_since_it_decides_nothing():
    old = evaluated("old", tea=("same", "green"), mug=("blue",))
    new = evaluated("new", tea=("same", "green"), mug=("other", "blue"))
    pool = pool_hits([old, new], NDCG)
    assert [each.product_id for each in pool.hits] == ["other", "same"]
    assert pool.hits[1].effect == pytest.approx(0.0)


def test_no_rating_is_needed_when_the_holes_cannot_turn_the_difference():
    old = evaluated("old", tea=(), mug=())
    new = evaluated("new", tea=("green", "u1"), mug=("blue",))
    pool = pool_hits([old, new], NDCG)
    assert pool.difference == pytest.approx(1.0)
    assert pool.settled_by == 0


def test_so_many_ratings_settle_it_that_the_rest_could_not_turn_it():
    old = evaluated("old", tea=("green",), mug=("blue",))
    new = evaluated("new", tea=("u1", "green"), mug=("blue", "red", "grey", "u2"))
    pool = pool_hits([old, new], NDCG)
    assert pool.hits[1].effect < abs(pool.difference) < sum(each.effect for each in pool.hits)
    assert pool.settled_by == 1


def test_one_run_alone_pools_what_moves_its_own_mean():
    pool = pool_hits([evaluated("only", tea=("u", "green"), mug=("blue",))], NDCG)
    assert pool.difference is None
    assert pool.settled_by is None
    assert pool.hits[0].effect == pytest.approx((1 - 1 / log2(3)) / 2)


def test_the_csv_is_quepids_with_an_empty_rating_and_the_title():
    new = evaluated("new", tea=("u", "green"), titles=[("u", 'Oolong, "spring"')])
    text = pool_csv(pool_hits([new], NDCG).hits)
    assert list(csv.reader(io.StringIO(text))) == [
        ["query", "docid", "rating", "title"],
        ["tea", "u", "", 'Oolong, "spring"'],
    ]


def test_a_measure_that_was_not_computed_cannot_be_settled():
    with pytest.raises(EvaluationError, match="RR was not computed"):
        pool_hits([evaluated("only")], Measure.parse("RR"))
