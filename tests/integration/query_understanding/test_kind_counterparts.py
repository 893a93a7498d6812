"""Kinds of product that are the same in another script, told by vectors in a real index."""

import numpy as np
import pytest

from query_understanding import (
    CatalogueSource,
    QueryUnderstanding,
    catalogue_source,
    create_chain,
    learn_catalogue,
)
from search_core import EncoderIdentity, Product, SearchEngineError
from search_core.settings import (
    QueryUnderstandingSettings,
    SearchEngineSettings,
    VectorCompression,
)
from search_engine import (
    IndexDescription,
    attachment_index,
    index_body,
    mean_vectors,
    product_document,
    stored_vectors,
)

PATIENT = QueryUnderstandingSettings(budget_ms=60_000, unit_budget_ms=60_000)
DIRECTIONS = {
    "Phone case": (1, 0, 0, 0),
    "手机壳": (1, 0, 0, 1),
    "Towel": (0, 1, 0, 0),
    "毛巾": (0, 1, 0, 1),
    "Charger": (0, 0, 1, 0),
    "USB": (1, 0, 0, 1),  # a Latin name for what is told in Chinese, near what is told so too
}
TITLES = {
    "Phone case": "Case for Novaphone",
    "手机壳": "Novaphone 磁吸壳",
    "Towel": "Bath towel",
    "毛巾": "纯棉毛巾",
    "Charger": "Charger 65 W",
    "USB": "蓝牙适配器",
}


def vectors_of(kind, count):
    """Return unit vectors in about one direction, of the length that the index asks for."""
    direction = np.array(DIRECTIONS[kind] * 2, dtype=np.float32)
    near = direction + np.random.default_rng(1).normal(scale=0.02, size=(count, 8))
    return (near / np.linalg.norm(near, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(params=[VectorCompression.NONE, VectorCompression.BYTE])
def filled(request, client, unique_index_name):
    settings = SearchEngineSettings(vector_compression=request.param)
    description = IndexDescription(
        languages=("en", "zh"),
        encoder=EncoderIdentity(model_id="drawn", dimension=8),
        vector_compression=request.param,
    )
    client.indices.create(index=unique_index_name, body=index_body(description, settings))
    lines = []
    for place, (kind, title) in enumerate(TITLES.items()):
        for number, vector in enumerate(stored_vectors(vectors_of(kind, 7), request.param)):
            product = Product(
                id=f"{place}-{number}", title=f"{title} {number}", product_type=kind, language="en"
            )
            lines.append({"index": {"_id": product.id}})
            lines.append(product_document(product, vector.tolist()))
    lines.append({"index": {"_id": "bare"}})
    lines.append(product_document(Product(id="bare", title="围巾", product_type="围巾")))
    answer = client.bulk(index=unique_index_name, body=lines, params={"refresh": "true"})
    assert not answer["errors"], answer
    yield unique_index_name
    # Hidden, and so not in the listing by which the name's other indices are deleted.
    kept = attachment_index(unique_index_name)
    client.indices.delete(index=kept, params={"ignore_unavailable": "true"})


async def test_a_reindex_learns_counterparts_and_a_query_in_two_scripts_prefers_both(
    client, filled
):
    lexicon = learn_catalogue(client, filled)
    named = {tuple(lexicon.kinds[place].name for place in pair) for pair in lexicon.counterparts}
    assert named == {("手机壳", "Phone case"), ("毛巾", "Towel")}
    understanding = QueryUnderstanding(create_chain(PATIENT), CatalogueSource(client))
    plan = await understanding.plan(filled, "novaphone 磁吸壳")
    assert [each.filter.values for each in plan.boosts] == [("手机壳", "Phone case")]


def test_means_are_of_the_products_that_have_a_value_and_a_vector(client, filled):
    kinds = [f"no such kind {n}" for n in range(25)]  # more than one request
    means = mean_vectors(client, filled, "product_type", [*kinds, "Towel", "围巾"], 5)
    assert list(means) == ["Towel"]
    towel = means["Towel"] / np.linalg.norm(means["Towel"])
    assert towel == pytest.approx(np.array([0, 1, 0, 0] * 2) / 2**0.5, abs=0.05)


def test_an_index_that_gives_no_vectors_out_teaches_no_counterparts(
    client, filled, monkeypatch, caplog
):
    def refused(*_):
        raise SearchEngineError("no permissions for [indices:data/read/msearch]")

    monkeypatch.setattr(catalogue_source, "mean_vectors", refused)
    assert learn_catalogue(client, filled).counterparts == ()
    assert "counterparts_unknown" in caplog.text
