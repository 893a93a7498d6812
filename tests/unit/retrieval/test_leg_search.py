import pytest

from retrieval.deadline import Deadline
from retrieval.leg_search import LegSearch, LegSource
from retrieval.query_vector import QueryVectors
from search_core import QueryPlan, Relaxation
from search_core.settings import RetrievalSettings
from search_engine import Candidate, Generation, IndexDescription, Leg, LegResult, LegsAnswer

GENERATION = Generation(
    name="products-1", description=IndexDescription(languages=("en",), encoder=None)
)
PLAN = QueryPlan(
    original_text="red zzz lamp",
    text="red zzz lamp",
    relaxations=(
        Relaxation(text="red lamp", left_out=("zzz",)),
        Relaxation(text="lamp", left_out=("zzz", "red")),
    ),
)


class Shelf:
    """Answers BM25 legs by the products that a wording finds, and keeps what it was asked."""

    def __init__(self, **found):
        self.found = {wording.replace("_", " "): ids for wording, ids in found.items()}
        self.asked = []

    async def legs(self, index, query, *, preference, timeout_seconds):
        self.asked.append((query.legs, query.match.variants))
        ids = [
            product_id
            for wording in (query.match.text, *query.match.variants)
            for product_id in self.found.get(wording, ())
        ]
        return LegsAnswer(
            results={leg: self._result(leg, ids) for leg in query.legs}, generation="products-1"
        )

    def _result(self, leg, ids):
        return LegResult(
            leg=leg,
            candidates=tuple(
                Candidate(product_id=each, score=1.0, variant_group=each, exact_code=False)
                for each in ids
            ),
            total=len(ids),
            took_ms=1.0,
        )


def searching(shelf, plan=PLAN, **settings):
    source = LegSource(
        searcher=shelf,
        settings=RetrievalSettings(**settings),
        vectors=QueryVectors(None, lambda: 0.0),
        index="products",
        generation=GENERATION,
        deadline=Deadline(1_000, lambda: 0.0),
        preference="query-1",
    )
    return LegSearch(source, plan, ())


def ids(answer, leg=Leg.ALL_TERMS):
    return [each.product_id for each in answer.results[leg].candidates]


async def test_words_are_left_out_until_some_product_has_the_others():
    shelf = Shelf(lamp=("lamp-1",))
    search = searching(shelf)
    answer = await search.answer()
    assert ids(answer) == ["lamp-1"]
    assert [variants for _, variants in shelf.asked] == [(), ("red lamp",), ("lamp",)]
    assert search.match.variants == ("lamp",)  # so that totals and pages count it
    assert search.plan.log[-1].rewriter == "relaxation"
    assert "'zzz', 'red' need not be there" in search.plan.log[-1].message


async def test_what_finds_something_is_not_relaxed():
    shelf = Shelf(red_zzz_lamp=("a",), lamp=("lamp-1",))
    search = searching(shelf)
    assert ids(await search.answer()) == ["a"]
    assert len(shelf.asked) == 1
    assert search.plan == PLAN


@pytest.mark.parametrize(("relax_below", "found"), [(0, ["a"]), (2, ["a", "lamp-1"])])
async def test_the_setting_says_how_few_products_are_too_few(relax_below, found):
    shelf = Shelf(red_zzz_lamp=("a",), red_lamp=("lamp-1",))
    search = searching(shelf, relax_below=relax_below)
    assert ids(await search.answer()) == found


async def test_without_the_leg_of_all_terms_nothing_is_relaxed():
    shelf = Shelf(lamp=("lamp-1",))
    search = searching(shelf, all_terms=False, zero_result_fallback=False)
    assert ids(await search.answer(), Leg.SOME_TERMS) == []
    assert len(shelf.asked) == 1
