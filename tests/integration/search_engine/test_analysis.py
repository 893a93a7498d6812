"""Analysis on a real node: what terms product text becomes."""

import pytest

from search_core.settings import SearchEngineSettings
from search_engine import IndexDescription, connect, index_body, supported_languages
from search_engine.analysis import CODE_NORMALIZER, INDEX_ANALYZER, SEARCH_ANALYZER


@pytest.fixture
def client(opensearch_url):
    client = connect(SearchEngineSettings(url=opensearch_url))
    yield client
    client.close()


@pytest.fixture
def terms(client, unique_index_name):
    description = IndexDescription(languages=("en", "zh"), encoder=None)
    client.indices.create(
        index=unique_index_name, body=index_body(description, SearchEngineSettings())
    )

    def of(text, **analyzer):
        answer = client.indices.analyze(
            index=unique_index_name,
            body={"text": text, **(analyzer or {"analyzer": INDEX_ANALYZER})},
        )
        return [token["token"] for token in answer["tokens"]]

    return of


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("headphones", "Headphone"),
        ("children's shoes", "shoe children"),
        ("500 GB ssd", "SSD 500GB"),
        ('15.6" laptop', "Laptop 15.6 inch"),
        ("wifi router", "Wi-Fi Router"),
        ("dv71211ea", "HP dv7-1211ea"),
        ("dv7-1211ea", "HP dv7 1211ea"),
        ("usb c cable", "USB-C cable"),
        ("cafe", "Café"),
        ("intel core", "Intel® Core™2"),
        ("床单", "纯棉床单"),
        ("被", "羊毛被"),
        ("iphone 手机壳", "苹果iPhone手机壳"),
        ("ＵＳＢ", "usb"),
    ],
)
def test_what_is_typed_is_found_in_what_is_written(terms, typed, written):
    assert set(terms(typed, analyzer=SEARCH_ANALYZER)) <= set(terms(written))


@pytest.mark.parametrize(
    ("typed", "written"), [("10 inch", "10 in stock"), ("床", "沐浴露"), ("4inch", "4-in-1")]
)
def test_what_is_not_meant_is_not_found(terms, typed, written):
    assert not set(terms(typed, analyzer=SEARCH_ANALYZER)) <= set(terms(written))


def test_codes_are_compared_without_separators_and_case(terms):
    assert terms("DV7-1211 ea", normalizer=CODE_NORMALIZER) == ["dv71211ea"]


@pytest.mark.parametrize("language", supported_languages())
def test_the_node_accepts_the_analysis_of_every_language(client, unique_index_name, language):
    description = IndexDescription(languages=(language,), encoder=None)
    name = f"{unique_index_name}-{language}"
    client.indices.create(index=name, body=index_body(description, SearchEngineSettings()))
    assert client.indices.exists(index=name)
