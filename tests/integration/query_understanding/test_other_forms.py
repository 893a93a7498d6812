"""Plurals that the index's stemmer keeps apart, and acronyms, on a real node."""

import pytest

from query_understanding import (
    CatalogueSource,
    QueryUnderstanding,
    catalogue_source,
    create_chain,
    learn_catalogue,
)
from retrieval import Retriever, SearchRequest
from search_core import Product, SearchEngineError
from search_core.settings import (
    QueryUnderstandingSettings,
    RetrievalSettings,
    SearchEngineSettings,
)
from search_engine import Searcher, connect_async, product_document, search_terms

PATIENT = QueryUnderstandingSettings(budget_ms=60_000, unit_budget_ms=60_000)
WORDS_ONLY = RetrievalSettings(deadline_ms=60_000, zero_result_fallback=False)
"""Without near words where nothing is found."""
PRODUCTS = (
    *(Product(id=f"book-{n}", title=f"Sticker book, volume {n}", language="en") for n in (1, 2)),
    *(Product(id=f"pen-{n}", title=f"Battery {n}", language="en") for n in (1, 2)),
    *(
        Product(
            id=f"drive-{n}",
            title=f"Internal solid state drive {n}",
            description="An SSD.",
            language="en",
        )
        for n in range(5)
    ),
)


@pytest.fixture
def filled(index, client):
    lines = []
    for product in PRODUCTS:
        lines += [{"index": {"_id": product.id}}, product_document(product)]
    answer = client.bulk(index=index, body=lines, params={"refresh": "true"})
    assert not answer["errors"], answer
    return index


@pytest.fixture
def found(opensearch_url, filled, client):
    learn_catalogue(client, filled)

    async def searched(text, **switched):
        settings = PATIENT.model_copy(update=switched)
        understanding = QueryUnderstanding(create_chain(settings), CatalogueSource(client))
        searcher = Searcher(connect_async(SearchEngineSettings(url=opensearch_url)))
        try:
            retriever = Retriever(searcher, WORDS_ONLY, None)
            plan = await understanding.plan(filled, text)
            response = await retriever.search(filled, SearchRequest(plan=plan, size=10))
        finally:
            await searcher.close()
        return {hit.product_id for hit in response.hits}

    return searched


async def test_a_plural_finds_what_titles_name_in_the_singular(found):
    assert await found("books", plurals=False) == set()
    assert await found("books") == {"book-1", "book-2"}


def test_only_forms_that_the_index_keeps_apart_are_learned(filled, client):
    forms = learn_catalogue(client, filled).number_forms
    assert forms["books"] == "book"
    assert "batteries" not in forms


def test_words_are_looked_up_as_the_index_writes_them(filled, client):
    terms = search_terms(client, filled, ["Batteries", "battery", "wi-fi", "books"])
    assert terms == {
        "Batteries": ("battery",),
        "battery": ("battery",),
        "books": ("books",),
        "wi-fi": ("wi", "fi"),
    }
    assert search_terms(client, filled, []) == {}


def test_neighbours_in_a_request_do_not_change_each_others_terms(filled, client):
    # One ends with a digit and the next is a unit; and signs that are two units of UTF-16.
    words = ["g5", "gb", "k9", "kg", "tv", "\U00020bb7" * 3, "\U00020bb7" * 4, "\U00020bb7" * 5]
    alone = {word: search_terms(client, filled, [word])[word] for word in words}
    assert all(alone.values())
    assert search_terms(client, filled, words) == alone


def test_more_words_than_one_request_takes_are_all_looked_up(filled, client):
    words = [f"{first}{second}{third}" for first in "bcdfg" for second in "aeiou"
             for third in (f"{n:03}x" for n in range(100))]  # fmt: skip
    terms = search_terms(client, filled, words)
    assert len(words) == 2_500
    assert all(terms[word] == (word,) for word in words)


def test_an_index_that_may_not_be_asked_leaves_plurals_to_its_stemmer(
    filled, client, monkeypatch, caplog
):
    def refused(*_):
        raise SearchEngineError("no permissions for [indices:admin/analyze]")

    monkeypatch.setattr(catalogue_source, "search_terms", refused)
    assert learn_catalogue(client, filled).number_forms == {}
    assert "number_forms_unknown" in caplog.text


async def test_an_acronym_finds_what_titles_write_out(found, filled, client):
    unnamed = Product(id="drive-9", title="Internal solid state drive", language="en")
    client.index(
        index=filled, id=unnamed.id, body=product_document(unnamed), params={"refresh": "true"}
    )
    assert "drive-9" not in await found("ssd", acronyms=False)
    assert "drive-9" in await found("ssd")
