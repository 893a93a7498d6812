import pytest

from retrieval.deadline import Deadline
from retrieval.leg_search import LegSearch, LegSource
from retrieval.query_vector import QueryVectors
from search_core import InferredFilter, QueryPlan, RangeFilter, Relaxation
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


class PricedShelf:
    """Products with the word, best first; those of a price below 50 are the cheap ones."""

    def __init__(self, words, cheap):
        self._words, self._cheap = words, cheap
        self.asked = []

    async def legs(self, index, query, *, preference, timeout_seconds):
        self.asked.append(query)
        found = self._cheap if query.filters else self._words
        candidates = tuple(
            Candidate(product_id=each, score=score, variant_group=each, exact_code=False)
            for each, score in found.items()
        )
        result = LegResult(
            leg=Leg.ALL_TERMS, candidates=candidates, total=len(candidates), took_ms=1.0
        )
        return LegsAnswer(results={Leg.ALL_TERMS: result}, generation="products-1")


CHEAP_LAMP = QueryPlan(
    original_text="lamp under 50",
    text="lamp",
    inferred_filters=(
        InferredFilter(
            filter=RangeFilter(field="price", less_than=50), weight=0.7, reason="under 50"
        ),
    ),
)


async def test_what_passes_a_filter_that_gives_way_stays_a_candidate():
    dear = {f"dear-{n}": 9.0 - n for n in range(5)}
    shelf = PricedShelf({**dear, "cheap-1": 2.0}, {"cheap-1": 2.0, "cheap-2": 1.0})
    search = searching(shelf, CHEAP_LAMP, some_terms=False)
    answer = await search.answer()
    assert ids(answer) == [*dear, "cheap-1", "cheap-2"]  # the last is among no first candidates
    wider = shelf.asked[-1]
    assert wider.filters == ()
    first = wider.boosts[1]
    assert (first.field, first.values) == ("id", ("cheap-1", "cheap-2"))
    assert answer.results[Leg.ALL_TERMS].candidates[-1].boosts == (0, 1)
    assert search.plan.log[-1].message.endswith("such products come first.")


class CutShelf:
    """Two hundred dear lamps with the word, of which a leg proposes two, and one cheap lamp."""

    async def legs(self, index, query, *, preference, timeout_seconds):
        found = {"cheap": 1.0} if query.filters else {"dear-1": 9.0, "dear-2": 8.0}
        candidates = tuple(
            Candidate(product_id=each, score=score, variant_group=each, exact_code=False)
            for each, score in found.items()
        )
        results = {
            leg: LegResult(
                leg=leg,
                candidates=candidates,
                total=len(found) + (not query.filters) if leg is Leg.ALL_TERMS else None,
                took_ms=1.0,
            )
            for leg in query.legs
        }
        return LegsAnswer(results=results, generation="products-1")


async def test_what_stays_a_candidate_does_not_hide_that_there_are_more():
    answer = await searching(CutShelf(), CHEAP_LAMP).answer()
    all_terms = answer.results[Leg.ALL_TERMS]
    assert ids(answer) == ["dear-1", "dear-2", "cheap"]
    assert all_terms.total > len(all_terms.candidates)  # so that pages go on behind them


async def test_what_stays_a_candidate_is_one_of_both_legs_by_words():
    answer = await searching(CutShelf(), CHEAP_LAMP).answer()
    some_terms = answer.results[Leg.SOME_TERMS]
    assert ids(answer, Leg.SOME_TERMS) == ["dear-1", "dear-2", "cheap"]
    assert (some_terms.candidates[-1].score, some_terms.candidates[-1].boosts) == (1.0, (0, 1))
    assert some_terms.total is None


async def test_where_nothing_passes_a_filter_that_gives_way_nothing_comes_first():
    shelf = PricedShelf({"dear": 9.0}, {})
    search = searching(shelf, CHEAP_LAMP, some_terms=False)
    assert ids(await search.answer()) == ["dear"]
    assert len(shelf.asked[-1].boosts) == 1
    assert search.plan.log[-1].message.endswith("such products would be preferred.")
