import numpy as np
import pytest

from search_core import TermFilter
from search_core.settings import VectorCompression
from search_engine import Candidate, Leg, LegsQuery, TextMatch
from search_engine.leg_answer import coverage_of, hits_by_id, leg_result
from search_engine.seen_versions import SeenVersions

MATCH = TextMatch(text="x", all_terms_boosts={}, some_terms_boosts={}, minimum_should_match="1")


BOOSTS = tuple(TermFilter(field="brand", values=(each,)) for each in ("Acme", "Zenith"))


def query(*, vector=None, groups=False):
    return LegsQuery(
        legs=tuple(Leg),
        match=MATCH,
        vector=vector,
        filters=(),
        candidates=10,
        boosts=BOOSTS,
        groups=groups,
    )


def hit(product_id, score, *, version=1, group=None, named=None):
    fields = {"id": [product_id]} | ({} if group is None else {"variant_group": [group]})
    found = {"_index": "shop-1", "_score": score, "_seq_no": version, "_primary_term": 1}
    return found | {"fields": fields} | ({} if named is None else {"matched_queries": named})


def answer(*hits, successful=1):
    shards = {"total": 2, "successful": successful}
    total = {"value": len(hits), "relation": "eq"}
    found = {"hits": list(hits), "total": total}
    return {"took": 3, "timed_out": False, "_shards": shards, "hits": found}


def candidates(*hits, leg=Leg.ALL_TERMS, **options):
    found = answer(*hits)
    return list(leg_result(leg, found, hits_by_id(found), "", query(**options)).candidates)


def test_hits_become_candidates_with_ties_in_the_order_of_ids():
    assert candidates(hit("z", 2.0), hit("b", 1.5), hit("a", 1.5)) == [
        Candidate("z", 2.0, "z"),
        Candidate("a", 1.5, "a"),
        Candidate("b", 1.5, "b"),
    ]


def test_groups_codes_and_boosts_go_with_their_product():
    found = candidates(
        hit("z", 2.0, group="dress", named=["boost:1", "boost:0"]),
        hit("b", 1.5),
        hit("a", 1.5, named=["exact_code"]),
        groups=True,
    )
    assert found == [
        Candidate("z", 2.0, "dress", boosts=(0, 1)),
        Candidate("a", 1.5, "a", exact_code=True),
        Candidate("b", 1.5, "b"),
    ]


@pytest.mark.parametrize("name", ["boost:2", "boost:", "boost:one", "boost:-1", "mine"])
def test_a_clause_that_a_client_named_is_no_boost(name):
    assert candidates(hit("a", 1.0, named=[name, "boost:0"])) == [
        Candidate("a", 1.0, "a", boosts=(0,))
    ]


def test_scores_of_the_dense_leg_become_cosines():
    vector = np.ones(1, dtype=np.float32)
    found = candidates(hit("a", 1.75), hit("b", 0.8), leg=Leg.DENSE, vector=vector)
    # 1.75 - 1, and 1 - 1 / 0.8
    assert [each.score for each in found] == pytest.approx([0.75, -0.25])
    assert query(vector=vector).vector_compression is VectorCompression.NONE


def test_a_leg_that_failed_has_no_candidates_and_says_why():
    result = leg_result(Leg.DENSE, {"error": {}}, {}, "no vectors", query())
    assert (list(result.candidates), result.failure) == ([], "no vectors")
    assert hits_by_id({"error": {}}) == {}


def test_a_version_is_that_of_the_last_leg_that_saw_the_product():
    legs = [answer(hit("a", 1.0, version=7), hit("b", 0.5, version=2)), answer(hit("a", 9.0))]
    versions = SeenVersions([hits_by_id(each) for each in legs])
    assert dict(versions) == {"a": ("shop-1", 1, 1), "b": ("shop-1", 2, 1)}
    assert (len(versions), versions.get("missing")) == (2, None)


def test_the_leg_that_reached_the_fewest_shards_tells_the_coverage():
    coverage = coverage_of([answer(successful=2), answer(successful=1), {"error": {}}])
    assert coverage.shards == {"total": 2, "successful": 1}
