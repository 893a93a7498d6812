import pytest

from artifacts import ArtifactStore
from reranker import (
    CrossEncoderReranker,
    NoopReranker,
    create_pair_scorer,
    create_reranker,
    cross_encoder_folder,
)
from search_core import RerankerModelError
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
    await create_reranker(settings, store, scorer).close()
    assert (await create_reranker(settings, store, scorer).model_id(10.0)).startswith("words@")
    await scorer.close()
