import logging

import pytest

from reranker.mixing import MixingModel
from search_core.settings import Settings
from shopkeeper.composition import usable_mixing

READS = MixingModel(weights={"fusion": 0.6, "cross_encoder": 0.4})
LOOKS = MixingModel(weights={"fusion": 1.0, "price_place": -0.1})


@pytest.mark.parametrize(
    ("model", "kind", "used"),
    [(READS, "none", False), (READS, "onnx", True), (LOOKS, "none", True), (None, "none", False)],
)
def test_mixing_is_used_where_something_gives_what_it_mixes(model, kind, used, caplog):
    settings = Settings(reranker={"kind": kind})
    with caplog.at_level(logging.WARNING):
        assert usable_mixing(model, settings) is (model if used else None)
    assert ("mixing_model_not_used" in caplog.text) is (model is READS and not used)
