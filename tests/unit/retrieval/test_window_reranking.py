import pytest

from reranker import CrossEncoderReranker, RoutedReranker
from reranker.mixing import MixingModel
from reranker.testing import WordOverlapScorer
from retrieval.deadline import Deadline
from retrieval.fusion import FusedRanking
from retrieval.ranked_result import RankedResult
from retrieval.search_request import Timings
from retrieval.window_reranking import WindowReranking
from search_core import EncoderIdentity, QueryPlan, RerankerUnavailableError
from search_core.settings import FusionSettings, RerankerSettings
from search_engine import Candidate, Leg, LegResult, ResultSet, StoredProduct, TextMatch

TITLES = {"a": "toner", "b": "red", "c": "red dress", "d": "a red summer dress"}


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def ranked(order="abcd", text="red summer dress", coded=""):
    found = tuple(
        Candidate(product_id=each, score=9.0 - n, variant_group=each, exact_code=each in coded)
        for n, each in enumerate(order)
    )
    result = LegResult(leg=Leg.ALL_TERMS, candidates=found, total=len(order), took_ms=1.0)
    ranking = FusedRanking({Leg.ALL_TERMS: result}, FusionSettings())
    match = TextMatch(
        text=text, all_terms_boosts={}, some_terms_boosts={}, minimum_should_match="1"
    )
    return RankedResult(
        ranking=ranking,
        candidates=ranking.candidates,
        result_set=ResultSet(match=match, filters=()),
        more=False,
        plan=QueryPlan.plain(text),
        fusion=FusionSettings(),
        generation="products-1",
        preference="p",
        degraded=("without dense: no vectors",),
        timings=Timings(),
    )


@pytest.fixture
def scorer():
    return WordOverlapScorer(languages=["en"])


@pytest.fixture
def reorder(scorer):
    asked = []

    async def fetch(ids):
        asked.append(ids)
        return {
            each: StoredProduct(product_id=each, document={"title": TITLES[each]})
            for each in ids
            if each in TITLES
        }

    async def reorder(result, *, seconds=2.0, mixing=None, read=True, **settings):
        section = RerankerSettings(**{"weight": 1.0, **settings})
        reranker = CrossEncoderReranker(scorer, section) if read else None
        reranking = WindowReranking(reranker, section, mixing)
        return await reranking.reordered(result, fetch, Deadline(seconds, Clock()))

    reorder.asked = asked
    return reorder


def ids(result):
    return "".join(each.product_id for each in result.candidates)


async def test_the_window_is_put_in_the_mixed_order(reorder):
    result = await reorder(ranked())
    assert ids(result) == "dcba"
    assert result.mixed["d"].rerank_score == 3.0
    assert result.mixed["d"].fused_rank == 4


async def test_what_lies_below_the_window_keeps_its_place(reorder):
    result = await reorder(ranked(), rerank_window=2)
    assert ids(result) == "bacd"
    assert set(result.mixed) == {"a", "b"}
    assert reorder.asked == [("a", "b")]


async def test_a_product_whose_code_is_the_query_stays_first(reorder):
    result = await reorder(ranked(coded="a"))
    assert ids(result) == "adcb"


async def test_the_documents_are_kept_for_the_page(reorder):
    result = await reorder(ranked())
    assert set(result.documents) == set("abcd")


async def test_a_product_that_is_gone_meanwhile_is_last(reorder):
    result = await reorder(ranked("xabc"))
    assert ids(result)[-1] in "ax"
    assert result.mixed["x"].value == 0.0


async def test_a_broken_reranker_leaves_fusions_order_and_says_so(reorder, scorer):
    scorer.failure = RerankerUnavailableError("Triton is gone")
    result = await reorder(ranked())
    assert ids(result) == "abcd"
    assert result.mixed == {}
    assert result.degraded == (
        "without dense: no vectors",
        "without reranker: Triton is gone",
    )


async def test_another_language_leaves_fusions_order_and_is_not_degraded(reorder):
    result = await reorder(ranked(text="红色连衣裙"))
    assert ids(result) == "abcd"
    assert result.degraded == ("without dense: no vectors",)


async def test_one_candidate_is_not_reranked(reorder):
    result = await reorder(ranked("a"))
    assert ids(result) == "a"
    assert reorder.asked == []


async def test_the_time_that_the_page_needs_is_not_spent_on_scores(reorder):
    result = await reorder(ranked(), seconds=0.15)
    assert ids(result) == "abcd"
    assert result.degraded[-1] == "without reranker: no time was left for the reranker"


async def test_the_explanation_names_what_the_cross_encoder_did(reorder):
    result = await reorder(ranked())
    text = "\n".join(result.explanation(0))
    assert "gives it +3.00; fusion had it at rank 4." in text
    assert "It stands 0.333 above c, mostly by the cross-encoder (+0.333)." in text


async def test_a_page_beyond_the_window_is_no_concern_of_it(scorer):
    section = RerankerSettings(rerank_window=20)
    reranking = WindowReranking(CrossEncoderReranker(scorer, section), section)
    assert reranking.concerns(19)
    assert not reranking.concerns(20)


async def test_business_signals_move_products_that_nothing_reads(reorder):
    result = await reorder(ranked(), read=False, business={"signals": ("length=-1.5",)})
    assert ids(result) == "abcd"  # no product has such a number
    assert result.mixed["a"].rerank_score is None
    assert [each.leg for each in result.mixed["a"].parts] == ["fusion", "signal: length"]


async def test_without_anything_that_moves_products_fusions_order_stays(reorder):
    result = await reorder(ranked(), read=False)
    assert ids(result) == "abcd"
    assert result.mixed == {}


async def test_business_signals_stay_when_the_reranker_fails(reorder, scorer):
    scorer.failure = RerankerUnavailableError("Triton is gone")
    result = await reorder(ranked(), business={"popularity_weight": 0.1})
    assert result.degraded[-1] == "without reranker: Triton is gone"
    assert result.mixed["a"].parts[0].value == pytest.approx(1.0)


async def test_learned_mixing_takes_the_place_of_the_weights(reorder):
    model = MixingModel(weights={"fusion": 0.2, "title_words": 1.0})
    result = await reorder(ranked(), mixing=model)
    # Words of "red summer dress": d all three, c two, b one, a none.
    assert ids(result) == "dcba"
    assert result.mixed["c"].learned
    assert {each.leg: each.value for each in result.mixed["c"].parts} == {
        "fusion": pytest.approx(0.2 * (1 / 63 - 1 / 64) / (1 / 61 - 1 / 64)),
        "title_words": pytest.approx(2 / 3),
    }
    text = "\n".join(result.explanation(0))
    assert "as the learned mixing weighs them" in text
    assert "mostly by the query's words in its title (+0.333)" in text


async def test_learned_mixing_works_without_a_cross_encoder_if_it_does_not_look_at_one(reorder):
    blind = MixingModel(weights={"title_words": 1.0})
    seeing = MixingModel(weights={"title_words": 1.0, "cross_encoder": 0.1})
    assert ids(await reorder(ranked(), mixing=blind, read=False)) == "dcba"
    assert ids(await reorder(ranked(), mixing=seeing, read=False)) == "abcd"


async def test_a_product_whose_code_is_the_query_stays_first_under_learned_mixing(reorder):
    result = await reorder(ranked(coded="a"), mixing=MixingModel(weights={"title_words": 1.0}))
    assert ids(result) == "adcb"


async def test_business_signals_are_added_to_learned_mixing(reorder):
    result = await reorder(
        ranked(),
        mixing=MixingModel(weights={"title_words": 1.0}),
        business={"available_weight": 0.1},
    )
    assert [each.leg for each in result.mixed["a"].parts] == ["title_words", "available"]


async def test_a_learned_mixing_is_part_of_the_models_name(scorer):
    section = RerankerSettings()
    reranker = CrossEncoderReranker(scorer, section)
    mixing = MixingModel(weights={}, digest="ab12")
    plain = await WindowReranking(reranker, section).model_id(1.0)
    assert await WindowReranking(reranker, section, mixing).model_id(1.0) == f"{plain} mixing@ab12"
    assert await WindowReranking(None, section, mixing).model_id(1.0) == "mixing@ab12"
    assert await WindowReranking(None, section).model_id(1.0) is None


@pytest.fixture
def reorder_chinese():
    """Reorders with a model of its own for Chinese queries, which has `weight`."""

    async def fetch(ids):
        return {
            each: StoredProduct(product_id=each, document={"title": TITLES[each]}) for each in ids
        }

    async def reorder(text, weight, mixing=None):
        section = RerankerSettings.model_validate(
            {"weight": 0.0, "models": {"zh": {"weight": weight}}}
        )
        others = CrossEncoderReranker(WordOverlapScorer("words@1", ["en"]), section)
        chinese = CrossEncoderReranker(WordOverlapScorer("chinese@1", ["zh"]), section)
        reranking = WindowReranking(RoutedReranker(others, {"zh": chinese}), section, mixing)
        return await reranking.reordered(ranked(text=text), fetch, Deadline(2.0, Clock()))

    return reorder


async def test_a_languages_model_has_a_weight_of_its_own_and_is_named(reorder_chinese):
    chinese = await reorder_chinese("red dress 裙", 1.0)
    assert ids(chinese) == "cdba"
    assert chinese.cross_encoder == chinese.mixed["d"].cross_encoder == "chinese@1"
    english = await reorder_chinese("red dress", 1.0)
    assert ids(english) == "abcd"
    assert english.cross_encoder == "words@1"
    assert ids(await reorder_chinese("red dress 裙", None)) == "abcd"


async def test_a_weight_of_its_own_takes_the_place_of_learned_mixing_too(reorder_chinese):
    mixing = MixingModel(weights={"fusion": -1.0})
    assert ids(await reorder_chinese("red dress", 1.0, mixing)) == "dcba"
    assert ids(await reorder_chinese("red dress 裙", 1.0, mixing)) == "dcba"
    reads = MixingModel(weights={"fusion": -1.0, "cross_encoder": 0.01})
    assert ids(await reorder_chinese("red dress 裙", None, reads)) == "dcba"
    chinese = await reorder_chinese("red dress 裙", 1.0, reads)
    assert ids(chinese) == "cdba"
    assert not chinese.mixed["a"].learned


async def test_a_window_that_nothing_read_names_no_model(reorder):
    result = await reorder(ranked(), read=False, business={"available_weight": 0.1})
    assert result.cross_encoder == ""


async def test_warming_up_asks_every_model_once_and_survives_a_dead_one(scorer, caplog):
    section = RerankerSettings()
    scorer.failure = RerankerUnavailableError("Triton is gone")
    reranking = WindowReranking(CrossEncoderReranker(scorer, section), section)
    await reranking.warm_up(1.0)
    assert "reranker_not_warm code=reranker_unavailable reason=Triton is gone" in caplog.text
    scorer.failure = None
    await reranking.warm_up(1.0)
    assert reranking.states[0].model_id is None


async def test_what_an_operator_should_look_at_is_kept(reorder, scorer):
    mixing = MixingModel(weights={"cross_encoder": 1.0}, cross_encoder="words@0", encoder="v@1")
    section = RerankerSettings.model_validate({"models": {"zh": {}}})
    english = CrossEncoderReranker(scorer, section)
    reranking = WindowReranking(
        RoutedReranker(english, {"zh": english}), section, mixing, ["known before"]
    )

    async def fetch(ids):
        return {}

    assert reranking.warnings == ("known before",)
    for _ in range(2):
        reranking.tell_of_encoder(EncoderIdentity(model_id="v@2", dimension=3))
        await reranking.reordered(ranked(text="red"), fetch, Deadline(2.0, Clock()))
    assert reranking.warnings == (
        "known before",
        "the mixing was learned with vectors of v@1; the index has those of v@2",
        "the mixing was learned from the logits of words@0; now words@1 reads",
        "the cross-encoder words@1 is set for zh, but its card names en: it reads no query",
    )


async def test_mixing_learned_from_several_models_knows_each_of_them(scorer):
    section = RerankerSettings()
    mixing = MixingModel(weights={"cross_encoder": 1.0}, cross_encoder="other@1 + words@1")

    async def fetch(ids):
        return {}

    reranking = WindowReranking(CrossEncoderReranker(scorer, section), section, mixing)
    await reranking.reordered(ranked(text="red"), fetch, Deadline(2.0, Clock()))
    assert reranking.warnings == ()


async def test_mixing_learned_from_another_model_is_told_once(scorer, caplog):
    section = RerankerSettings()

    async def fetch(ids):
        return {}

    async def logged(learned_from, text):
        caplog.clear()
        mixing = MixingModel(weights={"cross_encoder": 1.0}, cross_encoder=learned_from)
        reranking = WindowReranking(CrossEncoderReranker(scorer, section), section, mixing)
        for _ in range(2):
            await reranking.reordered(ranked(text=text), fetch, Deadline(2.0, Clock()))
        return [each.getMessage() for each in caplog.records]

    assert await logged("words@0", "red") == [
        "mixing_learned_from_another_model learned_from=words@0 reads=words@1"
    ]
    assert await logged("words@1", "red") == []
    assert await logged("", "red") == []


def test_mixing_learned_with_another_text_encoder_is_told_once(caplog):
    here = EncoderIdentity(model_id="vectors@1", dimension=3)
    other = EncoderIdentity(model_id="vectors@2", dimension=3)

    def logged(learned_with, *indices):
        caplog.clear()
        mixing = MixingModel(weights={"fusion": 1.0}, encoder=learned_with)
        reranking = WindowReranking(None, RerankerSettings(), mixing)
        for each in indices:
            reranking.tell_of_encoder(each)
        return [each.getMessage() for each in caplog.records]

    said = "mixing_learned_with_another_encoder learned_with=vectors@1 index="
    assert logged("vectors@1", here) == []
    assert logged("vectors@1", other, other, here) == [f"{said}vectors@2"]
    assert logged("vectors@1", None) == [f"{said}none"]
    assert logged("", other) == []
