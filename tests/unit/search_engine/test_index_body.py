import pytest

from search_core import EncoderIdentity, Product
from search_core.settings import SearchEngineSettings, VectorCompression, VectorEngine
from search_engine import (
    DERIVED_FIELDS,
    IndexDescription,
    description_of,
    index_body,
    product_document,
)
from search_engine.analysis import INDEX_ANALYZER, supported_languages

ENCODER = EncoderIdentity(model_id="model@abc", dimension=384)
DESCRIPTION = IndexDescription(languages=("en", "zh"), encoder=ENCODER, passage_template="v1:title")


def body(**settings):
    return index_body(DESCRIPTION, SearchEngineSettings(**settings))


def test_an_index_says_what_it_holds():
    assert description_of(body()["mappings"]) == DESCRIPTION


def test_an_index_without_vectors_has_no_vector_field():
    description = IndexDescription(languages=("en",), encoder=None)
    found = index_body(description, SearchEngineSettings())
    assert "vector" not in found["mappings"]["properties"]
    assert found["settings"]["index"]["knn"] is False
    assert description_of(found["mappings"]) == description


def test_a_foreign_index_has_no_description():
    assert description_of({"properties": {}}) is None


def test_extra_facts_are_kept_beside_the_description():
    found = index_body(DESCRIPTION, SearchEngineSettings(), {"state": "building"})
    assert found["mappings"]["_meta"]["shopkeeper"]["state"] == "building"
    assert description_of(found["mappings"]) == DESCRIPTION


@pytest.mark.parametrize(
    ("engine", "compression", "encoder"),
    [
        (VectorEngine.LUCENE, VectorCompression.NONE, None),
        (VectorEngine.LUCENE, VectorCompression.SCALAR, {"name": "sq"}),
        (
            VectorEngine.FAISS,
            VectorCompression.SCALAR,
            {"name": "sq", "parameters": {"type": "fp16"}},
        ),
    ],
)
def test_engine_and_compression_are_settings(engine, compression, encoder):
    vector = body(vector_engine=engine, vector_compression=compression)["mappings"]["properties"][
        "vector"
    ]
    assert vector["dimension"] == 384
    assert vector["method"]["engine"] == engine.value
    assert vector["method"]["parameters"].get("encoder") == encoder


def test_every_copy_for_searching_is_named_as_derived():
    fields = body()["mappings"]["properties"]
    copies = {name for name in fields if name.endswith(("_text", "_hash"))}
    assert copies | {"vector", "attribute_values", "attribute_numbers"} == set(DERIVED_FIELDS)


def test_every_field_of_a_document_is_mapped():
    product = Product(id="1", title="x", description="d", brand="b", category_path=("c",))
    assert set(product_document(product)) <= set(body()["mappings"]["properties"])
    assert body()["mappings"]["dynamic"] == "strict"


@pytest.mark.parametrize("language", [*supported_languages(), "zh", "ja", "xx"])
def test_every_language_has_an_analyzer(language):
    description = IndexDescription(languages=(language,), encoder=None)
    analysis = index_body(description, SearchEngineSettings())["settings"]["analysis"]
    used = analysis["analyzer"][INDEX_ANALYZER]["filter"]
    assert all(name in analysis["filter"] or name in _BUILT_IN for name in used)


_BUILT_IN = {"cjk_width", "lowercase", "asciifolding"}
