import pytest

from artifacts import ArtifactStore
from reranker import ModelRepository, publish_text_encoder
from search_core import RerankerModelError


@pytest.mark.parametrize("name", ["mini", "universal-sentence-encoder-multilingual"])
def test_what_triton_cannot_serve_is_refused_with_what_it_can(tmp_path, name):
    repository = ModelRepository(tmp_path / "models")
    with pytest.raises(RerankerModelError, match=f"no text encoder '{name}'") as caught:
        publish_text_encoder(name, ArtifactStore(tmp_path), repository, None, max_tokens=128)
    assert "all-minilm-l6-v2-int8" in caught.value.remedy
    assert repository.models() == ()
