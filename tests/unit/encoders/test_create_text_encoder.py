import shutil

import pytest

from artifacts import ArtifactStore
from encoders import NAMED_MODELS, CachedTextEncoder, OnnxTextEncoder, UseTextEncoder
from encoders.create_text_encoder import (
    check_identity,
    create_text_encoder,
    encoder_for_model_id,
    passage_encoder_for_model_id,
)
from search_core import EncoderIdentity, EncoderMismatchError, EncoderUnavailableError
from search_core.settings import EncoderSettings

ENGLISH = "all-minilm-l6-v2-int8"
MULTILINGUAL = "universal-sentence-encoder-multilingual"


class PreparedStore(ArtifactStore):
    """Has unpacked every named model already: with the files of the small test models."""

    def __init__(self, cache_dir, onnx_folder, use_files):
        super().__init__(cache_dir)
        for model in NAMED_MODELS.values():
            is_onnx = model.architecture == "onnx"
            sources = (
                (onnx_folder / "model.onnx", onnx_folder / "tokenizer.json")
                if is_onnx
                else use_files
            )
            for source, member in zip(sources, (model.weights, model.tokenizer), strict=True):
                (cache_dir / member).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, cache_dir / member)

    def unpack(self, artifact, members=None):
        return self.cache_dir


@pytest.fixture
def store(tmp_path, model_folder, use_files):
    return PreparedStore(tmp_path / "store", model_folder(), use_files)


def test_auto_loads_the_model_of_the_catalogues_language(store):
    encoder = create_text_encoder(EncoderSettings(threads=1), ["en"], store, None)
    assert isinstance(encoder, OnnxTextEncoder)
    assert encoder.identity.model_id.startswith(f"{ENGLISH}@")


def test_auto_loads_the_multilingual_model_for_a_mixed_catalogue(store):
    shares = {"en": 0.4, "es": 0.4, "zh": 0.2}
    encoder = create_text_encoder(EncoderSettings(threads=1), shares, store, None)
    assert isinstance(encoder, UseTextEncoder)
    assert encoder.identity.model_id.startswith(f"{MULTILINGUAL}@")


def test_a_named_model_goes_before_the_language(store):
    settings = EncoderSettings(model="e5-small-v2-int8", threads=1)
    encoder = create_text_encoder(settings, ["zh"], store, None)
    assert encoder.identity.model_id.startswith("e5-small-v2-int8@")


def test_encoders_of_one_run_share_a_model_as_long_as_it_is_loaded_alike(store):
    loaded = {}
    settings = EncoderSettings(threads=1)
    first = create_text_encoder(settings, ["en"], store, None, loaded)
    model_id = first.identity.model_id
    assert create_text_encoder(settings, {"en": 1.0}, store, None, loaded) is first
    assert passage_encoder_for_model_id(model_id, settings, store, None, loaded) is first
    other = EncoderSettings(threads=1, max_tokens=32)
    assert create_text_encoder(other, ["en"], store, None, loaded) is not first
    assert create_text_encoder(settings, ["en"], store, None) is not first


def test_a_shared_model_is_counted_by_each_encoder_for_itself(store, tmp_path):
    loaded = {}
    settings = EncoderSettings(threads=1)
    one, other = (create_text_encoder(settings, ["en"], store, tmp_path, loaded) for _ in range(2))
    one.encode_passages(["red dress"])
    assert (one.statistics.misses, other.statistics.misses) == (1, 0)
    assert one.identity == other.identity
    assert len(loaded) == 1


def test_a_folder_is_called_by_its_name(store, model_folder):
    settings = EncoderSettings(model=str(model_folder(name="our-model")), threads=1)
    encoder = create_text_encoder(settings, ["en"], store, None)
    assert encoder.identity.model_id.startswith("our-model@")


def test_vectors_are_kept_where_there_is_a_place_and_room(store, tmp_path):
    encoder = create_text_encoder(EncoderSettings(threads=1), ["en"], store, tmp_path)
    assert isinstance(encoder, CachedTextEncoder)
    encoder.encode_passages(["red"])
    assert list((tmp_path / "vectors").glob("*.sqlite3"))


def test_a_size_of_zero_switches_the_cache_off(store, tmp_path):
    settings = EncoderSettings(threads=1, cache_max_bytes=0)
    encoder = create_text_encoder(settings, ["en"], store, tmp_path)
    assert isinstance(encoder, OnnxTextEncoder)


def test_a_model_that_is_nowhere_is_refused_with_the_names_there_are(store):
    with pytest.raises(EncoderUnavailableError, match="neither a known model nor a folder") as info:
        create_text_encoder(EncoderSettings(model="all-minilm"), ["en"], store, None)
    assert ENGLISH in info.value.remedy


def test_an_index_is_searched_by_its_model_whatever_the_setting_says(store):
    indexed = create_text_encoder(EncoderSettings(threads=1), ["en"], store, None).identity
    settings = EncoderSettings(model="e5-small-v2-int8", threads=1)
    assert encoder_for_model_id(indexed.model_id, settings, store).identity == indexed


def test_an_index_made_with_a_folder_needs_that_folder_in_the_settings(store, model_folder):
    folder = model_folder(name="our-model")
    settings = EncoderSettings(model=str(folder), threads=1)
    indexed = create_text_encoder(settings, ["en"], store, None).identity
    assert encoder_for_model_id(indexed.model_id, settings, store).identity == indexed
    with pytest.raises(EncoderUnavailableError, match="which is not known here") as info:
        encoder_for_model_id(indexed.model_id, EncoderSettings(), store)
    assert "encoders.model to the folder 'our-model'" in info.value.remedy


def test_a_model_of_another_program_names_no_folder(store):
    with pytest.raises(EncoderUnavailableError, match="model baseline, which is not known") as info:
        encoder_for_model_id("baseline", EncoderSettings(), store)
    assert info.value.remedy == ("Index the catalogue again with a model of `shopkeeper doctor`.")


def test_a_model_whose_content_or_use_has_changed_is_refused(store):
    indexed = create_text_encoder(EncoderSettings(threads=1), ["en"], store, None).identity
    settings = EncoderSettings(threads=1, max_tokens=64)
    with pytest.raises(EncoderMismatchError, match=indexed.model_id) as info:
        encoder_for_model_id(indexed.model_id, settings, store)
    assert "encoders.max_tokens" in info.value.remedy


def test_products_are_added_by_the_indexs_model_with_its_cache(store, tmp_path):
    indexed = create_text_encoder(EncoderSettings(threads=1), ["en"], store, None).identity
    found = passage_encoder_for_model_id(
        indexed.model_id, EncoderSettings(threads=1), store, tmp_path
    )
    assert found.identity == indexed
    assert isinstance(found, CachedTextEncoder)


def test_products_are_not_added_by_another_model_than_the_setting_names(
    store, tmp_path, model_folder
):
    folder = EncoderSettings(model=str(model_folder(name="our-model")), threads=1)
    indexed = create_text_encoder(folder, ["en"], store, None).identity
    same = passage_encoder_for_model_id(indexed.model_id, folder, store, tmp_path)
    assert same.identity == indexed
    other = EncoderSettings(model=ENGLISH, threads=1)
    with pytest.raises(EncoderMismatchError, match=f"encoders.model asks for {ENGLISH}") as info:
        passage_encoder_for_model_id(indexed.model_id, other, store, tmp_path)
    assert "without --update" in info.value.remedy


def test_equal_identities_pass():
    identity = EncoderIdentity(model_id="a@1", dimension=3)
    check_identity(identity, EncoderIdentity(model_id="a@1", dimension=3))


@pytest.mark.parametrize(
    ("other", "remedy"),
    [
        (EncoderIdentity(model_id="b@1", dimension=3), "Use the index's model"),
        (EncoderIdentity(model_id="a@2", dimension=3), "have changed since"),
        (EncoderIdentity(model_id="a@1", dimension=4), "have changed since"),
    ],
)
def test_different_identities_are_refused_with_what_to_do(other, remedy):
    with pytest.raises(EncoderMismatchError, match=r"encoded by a@1 \(3 dimensions") as info:
        check_identity(EncoderIdentity(model_id="a@1", dimension=3), other)
    assert remedy in info.value.remedy
