import pytest
from shop import rewritten

from query_understanding.leg_weights import LegWeightRewriter
from search_core import LegFactor


@pytest.mark.parametrize(
    ("text", "factor"),
    [("warm winter gloves", 1.5), ("something to keep coffee hot", 2.0)],
)
def test_a_description_counts_more_by_its_meaning(text, factor):
    plan = rewritten(LegWeightRewriter(), text)
    assert plan.leg_factors == (LegFactor(leg="dense", factor=factor),)
    assert f"{factor:g} times" in plan.log[0].message
    assert plan.text == text


@pytest.mark.parametrize("text", ["", "lamp", "red lamp", "novaphone 12 pro case", "蓝牙耳机 降噪"])
def test_short_texts_numbers_and_chinese_keep_the_weights(text):
    assert rewritten(LegWeightRewriter(), text).leg_factors == ()
