import itertools
import re

import pytest

from search_core import Facet, FacetValue, FilterError
from search_engine.facet_aggregation import facet_aggregation, facet_of


def test_an_attribute_is_counted_over_the_terms_with_its_key():
    found = facet_aggregation("Display Size", count_groups=False)
    assert found["terms"]["field"] == "attribute_values"
    assert re.fullmatch(found["terms"]["include"], "display_size␟15.6 inch")
    assert not re.fullmatch(found["terms"]["include"], "display_size_unit␟inch")


def test_price_ranges_join_without_gap_or_overlap():
    ranges = facet_aggregation("price", count_groups=False)["range"]["ranges"]
    assert "from" not in ranges[0]
    assert "to" not in ranges[-1]
    for lower, upper in itertools.pairwise(ranges):
        assert lower["to"] == upper["from"]


def test_groups_are_counted_when_variants_collapse():
    found = facet_aggregation("brand", count_groups=True)
    assert found["aggs"]["groups"]["cardinality"]["field"] == "variant_group"


@pytest.mark.parametrize("field", ["id", "codes"])
def test_a_field_that_differs_for_every_product_is_no_facet(field):
    with pytest.raises(FilterError, match="cannot be a facet"):
        facet_aggregation(field, count_groups=False)


def test_values_lose_their_key_and_stand_by_count_then_name():
    answer = {
        "buckets": [
            {"key": "colour␟red", "doc_count": 2},
            {"key": "colour␟blue", "doc_count": 5},
            {"key": "colour␟aqua", "doc_count": 2},
            {"key": "colour␟none", "doc_count": 0},
        ]
    }
    assert facet_of("colour", answer) == Facet(
        field="colour",
        values=(
            FacetValue(value="blue", count=5),
            FacetValue(value="aqua", count=2),
            FacetValue(value="red", count=2),
        ),
    )


def test_price_ranges_keep_their_order():
    answer = {"buckets": [{"key": "1 to 2", "doc_count": 1}, {"key": "2 to 5", "doc_count": 9}]}
    assert [each.value for each in facet_of("price", answer).values] == ["1 to 2", "2 to 5"]
