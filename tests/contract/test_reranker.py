"""What every reranker promises, asked of the fake, of the one in this process, of a real Triton,
of both with a language that has a model of its own, and of the one that leaves every order."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from artifacts import ArtifactStore, default_cache_dir
from reranker import (
    CrossEncoderReranker,
    ModelRepository,
    NoopReranker,
    NotReranked,
    Reranked,
    Reranker,
    create_reranker,
    is_among,
    publish_cross_encoder,
)
from reranker.testing import WordOverlapScorer, write_word_model
from search_core.settings import LocalStackSettings, RerankerSettings
from shopkeeper.local_stack import TritonFolder, start_triton, stop_triton

PASSAGES = [
    "red summer dress",
    "toner black " * 40,
    "dress",
    "",
    "😀 emoji, 红色连衣裙, café",
    "half a surrogate pair \ud800",
    "dress " * 1_700,
    "red summer dress",
]
ROOM = 20.0
"""Seconds: nothing here is about being in time."""


@pytest.fixture(scope="session")
def word_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_word_model(tmp_path_factory.mktemp("models") / "words", languages=["en"])


@pytest.fixture(scope="session")
def german_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Gives twice the scores."""
    folder = tmp_path_factory.mktemp("models") / "worte"
    return write_word_model(folder, languages=["de"], scale=2.0)


@pytest.fixture(scope="session")
def triton_url(word_model: Path, german_model: Path) -> Iterator[str]:
    folder = Path(tempfile.mkdtemp(prefix="shopkeeper-test-"))
    settings = LocalStackSettings(data_dir=folder, start_timeout_seconds=180)
    repository = ModelRepository(TritonFolder.of(settings).models)
    publish_cross_encoder(word_model, repository, None)
    publish_cross_encoder(german_model, repository, None, model="cross_encoder_de")
    try:
        yield start_triton(settings, repository.folder).url
    finally:
        stop_triton(settings)
        shutil.rmtree(folder)


@pytest.fixture(params=["fake", "onnx", "triton", "onnx by language", "triton by language"])
def settings(request: pytest.FixtureRequest, word_model: Path) -> RerankerSettings | None:
    if request.param == "fake":
        return None
    return settings_of(request, word_model)


@pytest.fixture(params=["onnx by language", "triton by language"])
def by_language(request: pytest.FixtureRequest, word_model: Path) -> RerankerSettings:
    return settings_of(request, word_model)


def settings_of(request: pytest.FixtureRequest, word_model: Path) -> RerankerSettings:
    kind, _, routed = request.param.partition(" ")
    given = {"kind": kind, "cross_encoder": str(word_model), "pairs_per_request": 3}
    if kind == "triton":
        given["url"] = request.getfixturevalue("triton_url")
    if routed:
        given["models"] = {"de": str(request.getfixturevalue("german_model"))}
    return RerankerSettings.model_validate(given)


@pytest.fixture
def opened(settings: RerankerSettings | None) -> Callable[..., object]:
    @asynccontextmanager
    async def opened(**changes: object) -> AsyncIterator[Reranker]:
        if settings is None:
            scorer = WordOverlapScorer(languages=["en"])
            reranker = CrossEncoderReranker(scorer, RerankerSettings.model_validate(changes))
        else:
            changed = settings.model_copy(update=changes)
            reranker = create_reranker(changed, ArtifactStore(default_cache_dir()))
        try:
            yield reranker
        finally:
            await reranker.close()

    return opened


async def rerank(reranker, query, passages, language=None):
    return await reranker.rerank(query, passages, language=language, timeout_seconds=ROOM)


async def test_every_passage_gets_a_finite_score_in_their_order(opened):
    async with opened() as reranker:
        outcome = await rerank(reranker, "red dress", PASSAGES)
        assert isinstance(outcome, Reranked)
        assert len(outcome.scores) == len(PASSAGES)
        assert all(abs(score) < 1e6 for score in outcome.scores)
        back = await rerank(reranker, "red dress", PASSAGES[::-1])
        assert back.scores == outcome.scores[::-1]


async def test_a_match_scores_higher_than_another_product(opened):
    async with opened() as reranker:
        scores = (await rerank(reranker, "red dress", PASSAGES)).scores
    assert scores[0] > scores[1]


async def test_equal_passages_have_equal_scores(opened):
    async with opened() as reranker:
        scores = (await rerank(reranker, "red dress", PASSAGES)).scores
    assert scores[0] == scores[-1]


async def test_an_empty_passage_is_last(opened):
    async with opened() as reranker:
        scores = (await rerank(reranker, "red dress", ["", "toner"])).scores
    assert scores[0] < scores[1]


async def test_a_second_time_comes_from_the_cache_with_the_same_scores(opened):
    async with opened() as reranker:
        first = await rerank(reranker, "red dress", ["red", "dress"])
        second = await rerank(reranker, "red dress", ["red", "dress"])
    assert (first.from_cache, second.from_cache) == (0, 2)
    assert first.scores == second.scores


async def test_the_model_is_named_with_its_content(opened):
    async with opened() as reranker:
        outcome = await rerank(reranker, "red dress", ["red"])
        assert is_among(outcome.model_id, await reranker.model_id(ROOM))
        (state, *_) = reranker.states
    assert "@" in outcome.model_id
    assert (state.language, state.model_id, state.rests) == (None, outcome.model_id, False)


async def test_no_passages_give_no_scores(opened):
    async with opened() as reranker:
        assert (await rerank(reranker, "red dress", [])).scores == ()


@pytest.mark.parametrize(
    ("query", "language"), [("红色连衣裙", None), ("红色连衣裙", "zh"), ("vestido rojo", "es")]
)
async def test_another_language_is_not_reranked_and_not_degraded(opened, query, language):
    async with opened() as reranker:
        outcome = await rerank(reranker, query, ["red"], language)
    assert isinstance(outcome, NotReranked)
    assert not outcome.degraded


async def test_no_time_left_is_degraded_and_raises_nothing(opened):
    async with opened() as reranker:
        outcome = await reranker.rerank("red", ["red"], language=None, timeout_seconds=0.0)
    assert isinstance(outcome, NotReranked)
    assert outcome.degraded


async def test_several_searches_at_once_do_not_mix_their_scores(opened):
    async with opened() as reranker:
        alone = [(await rerank(reranker, "red dress", [each])).scores[0] for each in PASSAGES]
    async with opened(cached_scores=0) as reranker:
        together = await asyncio.gather(
            *(rerank(reranker, "red dress", [each]) for each in PASSAGES[:6])
        )
    assert [outcome.scores[0] for outcome in together] == alone[:6]


async def test_closing_twice_is_fine(opened):
    async with opened() as reranker:
        await rerank(reranker, "red", ["red"])
        await reranker.close()


async def test_a_language_is_read_by_its_own_model_beside_the_others(by_language):
    reranker = create_reranker(by_language, ArtifactStore(default_cache_dir()))
    try:
        english, german = await asyncio.gather(
            rerank(reranker, "red dress", PASSAGES, "en"),
            rerank(reranker, "red dress", PASSAGES, "de"),
        )
        assert (english.language, german.language) == (None, "de")
        assert german.model_id.startswith("worte@")
        assert german.scores[0] == 2 * english.scores[0]
        assert await reranker.model_id(ROOM) == f"{english.model_id} + {german.model_id}"
        assert [each.languages for each in reranker.states] == [("en",), ("de",)]
    finally:
        await reranker.close()


async def test_the_baseline_wants_no_scores():
    reranker = NoopReranker()
    outcome = await rerank(reranker, "red dress", PASSAGES)
    assert isinstance(outcome, NotReranked)
    assert not outcome.degraded
    assert await reranker.model_id(ROOM) is None
    await reranker.close()
