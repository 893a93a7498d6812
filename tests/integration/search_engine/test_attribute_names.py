"""Names of attributes, looked up in a real index."""

import pytest

from search_core import Attribute, Product
from search_core.settings import SearchEngineSettings
from search_engine import (
    AttributeNames,
    IndexDescription,
    MissingNames,
    connect,
    connect_async,
    index_body,
    product_document,
)


@pytest.fixture
async def names(opensearch_url, unique_index_name):
    settings = SearchEngineSettings(url=opensearch_url)
    client = connect(settings)
    description = IndexDescription(languages=("en",), encoder=None)
    client.indices.create(index=unique_index_name, body=index_body(description, settings))
    attributes = (
        Attribute(name="Display Size", value=15.6, unit="inch"),
        Attribute(name="颜色", value="红"),
        Attribute(name="touch", value=False),
    )
    product = Product(id="1", title="Laptop", attributes=attributes)
    body = product_document(product)
    client.index(index=unique_index_name, id="1", body=body, params={"refresh": "true"})
    client.close()
    asking = connect_async(settings)

    async def missing(*asked):
        return await AttributeNames(asking).missing(
            unique_index_name, asked, headers={}, timeout_seconds=30
        )

    yield missing
    await asking.close()


async def test_names_of_numbers_words_and_truths_are_known_in_any_writing(names):
    assert await names("display size", "Display-Size", "颜色", "TOUCH") == MissingNames(missing=())


async def test_a_name_that_no_product_has_comes_with_those_that_some_have(names):
    told = await names("touch", "display", "size")
    assert told.missing == ("display", "size")
    assert sorted(told.present) == ["Display Size", "touch", "颜色"]


async def test_what_was_looked_up_is_remembered_but_not_for_callers_of_their_own(
    opensearch_url, unique_index_name
):
    settings = SearchEngineSettings(url=opensearch_url)
    client = connect(settings)
    description = IndexDescription(languages=("en",), encoder=None)
    client.indices.create(index=unique_index_name, body=index_body(description, settings))
    asking = connect_async(settings)
    names = AttributeNames(asking)

    async def missing(headers):
        told = await names.missing(unique_index_name, ["size"], headers=headers, timeout_seconds=30)
        return told.missing

    assert await missing({}) == ("size",)
    product = Product(id="1", title="Dress", attributes=(Attribute(name="size", value="M"),))
    body = product_document(product)
    client.index(index=unique_index_name, id="1", body=body, params={"refresh": "true"})
    assert await missing({}) == ("size",)
    assert await missing({"Authorization": "Basic dTpw"}) == ()
    client.close()
    await asking.close()
