import pytest
from pydantic import ValidationError

from retrieval.business_signals import business_parts
from search_core.settings import BusinessSignals


def values(documents, *signals):
    parts = business_parts(documents, BusinessSignals(signals=signals))
    return [sum(each.value for each in product) for product in parts]


def attribute(name, *stored):
    return {"attributes": [{"name": name, "value": value} for value in stored]}


def test_a_field_counts_by_its_place_between_the_windows_lowest_and_highest():
    documents = [{"rating": 5.0}, {"rating": 3.0}, {"rating": 4.0}]
    assert values(documents, "rating=0.2") == pytest.approx([0.2, 0.0, 0.1])


def test_a_negative_weight_lets_the_lowest_gain():
    documents = [{"price": 10.0}, {"price": 30.0}, {"price": 20.0}]
    assert values(documents, "price=-0.1") == pytest.approx([0.1, 0.0, 0.05])


def test_an_attribute_is_found_by_its_name_however_it_is_written():
    # A number with its unit is stored as text and as number.
    documents = [attribute("Profit Margin", "12 %", 12.0), attribute("profit_margin", 2.0)]
    assert values(documents, "profit margin=0.3") == pytest.approx([0.3, 0.0])


@pytest.mark.parametrize("weight", ["0.1", "-0.1"])
def test_a_product_without_the_number_gains_nothing(weight):
    documents = [{"price": 10.0}, {}, {"price": 30.0}, attribute("price", True), {"price": "cheap"}]
    found = values(documents, f"price={weight}")
    assert [found[place] for place in (1, 3, 4)] == [0.0, 0.0, 0.0]


@pytest.mark.parametrize("documents", [[{}, {}], [{"rating": 4.0}, {"rating": 4.0}]])
def test_what_tells_nothing_apart_moves_nothing(documents):
    assert values(documents, "rating=0.2") == [0.0, 0.0]


def test_each_part_has_its_name_and_weight():
    ((part, *_), _) = business_parts(
        [{"price": 1.0}, {"price": 2.0}], BusinessSignals(signals=("price=-0.1", "margin=0"))
    )
    assert (part.leg, part.weight, part.value) == ("signal: price", -0.1, pytest.approx(0.1))


def test_a_weight_of_0_is_no_signal():
    assert not BusinessSignals(signals=("margin=0",)).are_on
    assert BusinessSignals(signals=("margin=0.1",)).are_on


@pytest.mark.parametrize("wrong", ["margin", "=0.1", "margin=high", "margin=nan", "margin=inf"])
def test_a_signal_that_cannot_be_read_is_refused(wrong):
    with pytest.raises(ValidationError, match="is not FIELD=WEIGHT"):
        BusinessSignals(signals=(wrong,))


def test_two_weights_for_one_number_are_refused():
    with pytest.raises(ValidationError, match="margin has more than one weight"):
        BusinessSignals(signals=("margin=0.1", "margin=0.2"))


def test_signals_can_be_written_on_one_line_as_flags_are():
    assert BusinessSignals(signals="margin=0.1, price=-0.02").weights == {
        "margin": 0.1,
        "price": -0.02,
    }
