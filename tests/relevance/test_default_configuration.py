"""Floors under the relevance of the default configuration: raised when it gets better.

A floor stands a little below what was measured (docs/relevance.md), so that another processor's
rounding of an int8 model does not break it and a real loss does.
"""

from pathlib import Path

import pytest

from shopkeeper.sample_shop import judgments_path, products_path

ICECAT = Path(__file__).parents[3] / "shared" / "data" / "icecat"

pytestmark = pytest.mark.timeout(1800)


@pytest.mark.shared_data
@pytest.mark.skipif(
    not ICECAT.is_dir(), reason="the shared research data are not beside the checkout"
)
def test_electronics_with_an_english_model(measured):
    means = measured(ICECAT / "products.jsonl.gz", ICECAT / "judgments.csv")
    assert means["nDCG@10"] >= 0.812
    assert means["nDCG(judged_only=True)@10"] >= 0.893
    assert means["Judged@10"] >= 0.755
    assert means["R@100"] >= 0.95


def test_the_sample_shop_in_english_and_chinese(measured):
    means = measured(products_path(), judgments_path())
    assert means["nDCG@10"] >= 0.86
    assert means["nDCG(judged_only=True)@10"] >= 0.90
    assert means["RR@10"] >= 0.95
    assert means["R@100"] >= 0.88
