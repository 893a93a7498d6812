import pytest

from artifacts import ArtifactStore
from reranker import (
    CrossEncoderReranker,
    NoopReranker,
    Reranked,
    create_pair_scorer,
    create_reranker,
    cross_encoder_folder,
)
from search_core import RerankerModelError, RerankerUnavailableError
from search_core.settings import RerankerSettings


@pytest.fixture
def store(tmp_path):
    return ArtifactStore(tmp_path / "cache")


def test_none_is_the_default(store):
    assert isinstance(create_reranker(RerankerSettings(), store), NoopReranker)


async def test_triton_is_not_asked_anything_before_the_first_search(store):
    settings = RerankerSettings(kind="triton", url="nowhere.invalid:1")
    reranker = create_reranker(settings, store)
    assert isinstance(reranker, CrossEncoderReranker)
    await reranker.close()


async def test_a_model_in_this_process_is_loaded_from_its_folder(store, make_model):
    reranker = create_reranker(
        RerankerSettings(kind="onnx", cross_encoder=str(make_model()), threads=1), store
    )
    assert (await reranker.model_id(10.0)).startswith("words@")
    await reranker.close()


def test_a_name_that_is_none_and_no_folder_says_what_there_is(store):
    with pytest.raises(RerankerModelError, match="no cross-encoder 'mini'") as caught:
        cross_encoder_folder("mini", store)
    assert "ms-marco-minilm-l12-v2-int8" in caught.value.remedy


@pytest.mark.parametrize("url", ["http://127.0.0.1:8001", "127.0.0.1", "host:port"])
def test_an_address_is_host_and_port(url):
    with pytest.raises(ValueError, match="url"):
        RerankerSettings(url=url)


async def test_a_scorer_that_is_shared_outlives_the_reranker(store, make_model):
    settings = RerankerSettings(kind="onnx", cross_encoder=str(make_model()), threads=1)
    scorer = create_pair_scorer(settings, store)
    await create_reranker(settings, store, lambda _: scorer).close()
    again = create_reranker(settings, store, lambda _: scorer)
    assert (await again.model_id(10.0)).startswith("words@")
    await scorer.close()


async def test_each_language_has_the_model_that_is_named_for_it(store, make_model):
    settings = RerankerSettings.model_validate(
        {
            "kind": "onnx",
            "cross_encoder": str(make_model("english", languages=["en"])),
            "models": {"zh": str(make_model("chinese", languages=["zh"], scale=2.0))},
            "threads": 1,
        }
    )
    reranker = create_reranker(settings, store)
    asked = {"passages": ["red dress"], "language": None, "timeout_seconds": 10.0}
    english = await reranker.rerank("red dress", **asked)
    chinese = await reranker.rerank("红色连衣裙", **asked)
    await reranker.close()
    assert (english.language, english.model_id.partition("@")[0]) == (None, "english")
    assert (chinese.language, chinese.model_id.partition("@")[0]) == ("zh", "chinese")
    assert chinese.scores[0] == 2 * english.scores[0]


async def test_a_languages_model_that_is_missing_costs_no_other_its_scores(store, make_model):
    settings = RerankerSettings.model_validate(
        {
            "kind": "onnx",
            "cross_encoder": str(make_model(languages=["en"])),
            "models": {"zh": "nowhere", "de": {}},
            "threads": 1,
        }
    )
    reranker = create_reranker(settings, store)
    asked = {"passages": ["red dress"], "timeout_seconds": 10.0}
    assert isinstance(await reranker.rerank("red dress", language="en", **asked), Reranked)
    chinese = await reranker.rerank("红色连衣裙", language="zh", **asked)
    german = await reranker.rerank("rotes kleid", language="de", **asked)
    with pytest.raises(RerankerUnavailableError, match=r"of \w\w does not load: .*nowhere"):
        await reranker.model_id(10.0)
    await reranker.close()
    assert chinese.degraded
    assert "no cross-encoder 'nowhere' (reranker.models.zh)" in chinese.reason
    assert german.degraded
    assert "no cross-encoder is named" in german.reason
