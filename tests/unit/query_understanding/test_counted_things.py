from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from query_understanding import Lexicon
from query_understanding.lexicon.lexicon import MeasuredAttribute
from query_understanding.quantities.counted_names import CountedNames
from query_understanding.quantities.counted_things import counted_things

BOUNDS = ("greater_than", "at_least", "less_than", "at_most")
BEFORE = {
    "at least": "at_least", "min": "at_least", "no less than": "at_least", "from": "at_least",
    "under": "less_than", "fewer than": "less_than", "less than": "less_than",
    "below": "less_than", "up to": "at_most", "at most": "at_most", "no more than": "at_most",
    "max": "at_most", "over": "greater_than", "more than": "greater_than",
    "above": "greater_than", ">=": "at_least",
}  # fmt: skip
AFTER = {
    "or more": "at_least", "and up": "at_least", "and above": "at_least", "+": "at_least",
    "or less": "at_most", "or fewer": "at_most", "max": "at_most",
}  # fmt: skip
CHINESE_BEFORE = {
    "至少": "at_least", "不少于": "at_least", "起码": "at_least", "最多": "at_most",
    "不超过": "at_most", "少于": "less_than", "超过": "greater_than", "多于": "greater_than",
}  # fmt: skip
CHINESE_AFTER = {"以上": "at_least", "及以上": "at_least", "以下": "at_most", "以内": "at_most"}
THINGS = {
    "ports": "ports", "usb ports": "usb_ports", "hdmi port": "hdmi_ports_quantity",
    "drawers": "number_of_drawers", "pieces": "pieces",
}  # fmt: skip
CHINESE_THINGS = {
    "个接口": "接口数量", "个USB接口": "usb接口数", "页": "页数", "个卡槽": "卡槽", "件": "件数",
}  # fmt: skip


def counted(name, count=10):
    return MeasuredAttribute(
        name=name, dimension="number", factor=1.0, count=count, low=1.0, high=2_000.0
    )


NAMES = CountedNames(
    Lexicon(
        measured=(
            counted("ports", 40),
            *(counted(name) for name in {*THINGS.values(), *CHINESE_THINGS.values()} - {"ports"}),
            *map(counted, ("quantity", "waterproof_up_to", "resolution_x", "warranty_years")),
            MeasuredAttribute(
                name="weight_g", dimension="mass", factor=1.0, count=9, low=1.0, high=9.0
            ),
        )
    )
)


def read(text):
    return [
        (
            text[each.start : each.end],
            each.attribute.name,
            {name: getattr(each, name) for name in BOUNDS if getattr(each, name) is not None},
        )
        for each in counted_things(text, NAMES)
    ]


@pytest.mark.parametrize(("bound", "thing"), list(product(BEFORE, THINGS)))
def test_a_bound_before_the_number_is_read(bound, thing):
    said = f"{bound} 8 {thing}"
    assert read(f"hub {said} black") == [(said, THINGS[thing], {BEFORE[bound]: 8.0})]


@pytest.mark.parametrize(("bound", "thing"), list(product(AFTER, THINGS)))
def test_a_bound_behind_number_or_thing_is_read(bound, thing):
    for said in (f"8 {bound} {thing}", f"8 {thing} {bound}"):
        assert read(f"hub {said}") == [(said, THINGS[thing], {AFTER[bound]: 8.0})]


@pytest.mark.parametrize(("bound", "thing"), list(product(CHINESE_BEFORE, CHINESE_THINGS)))
def test_a_chinese_bound_before_the_number_is_read(bound, thing):
    said = f"{bound}8{thing}的"
    assert read(f"{said}东西") == [(said, CHINESE_THINGS[thing], {CHINESE_BEFORE[bound]: 8.0})]


@pytest.mark.parametrize(("bound", "thing"), list(product(CHINESE_AFTER, CHINESE_THINGS)))
def test_a_chinese_bound_behind_the_thing_is_read(bound, thing):
    said = f"8{thing}{bound}"
    assert read(f"东西 {said}") == [(said, CHINESE_THINGS[thing], {CHINESE_AFTER[bound]: 8.0})]


@pytest.mark.parametrize(
    "text", ["2 to 4 drawers", "2-4 drawers", "between 2 and 4 drawers", "from 2 to 4 drawers"]
)
def test_two_numbers_are_both_ends(text):
    assert read(text) == [(text, "number_of_drawers", {"at_least": 2.0, "at_most": 4.0})]


def test_chinese_number_words_are_both_ends():
    assert read("两到四个卡槽") == [("两到四个卡槽", "卡槽", {"at_least": 2.0, "at_most": 4.0})]


def test_without_a_bound_it_is_that_many():
    (found,) = counted_things("hub with 4 usb ports", NAMES)
    assert (found.at_least, found.at_most, found.is_bounded) == (4.0, 4.0, False)


def test_about_takes_a_tenth_more_and_less():
    ((_, name, bounds),) = read("about 200 pieces")
    assert name == "pieces"
    assert bounds == {"at_least": pytest.approx(180), "at_most": pytest.approx(220)}


@pytest.mark.parametrize(
    "text",
    ["8 network ports", "ports", "usb3 ports", "8", "at least 8", "8 quantity", "8 weight",
     "under 50 headphones", "8个按键", "接口", "", "kx-8 ports", "usb 3.0 ports", "3,5 ports",
     "from 4 to up", "4 x", "over 6 years"],
)  # fmt: skip
def test_what_the_catalogue_does_not_count_is_left(text):
    assert read(text) == []


def test_of_several_attributes_one_has_to_be_clearly_meant():
    names = CountedNames(Lexicon(measured=(counted("usb_ports", 12), counted("lan_ports", 10))))
    assert counted_things("at least 8 ports", names) == ()
    clear = CountedNames(Lexicon(measured=(counted("usb_ports", 31), counted("lan_ports", 10))))
    assert [each.attribute.name for each in counted_things("at least 8 ports", clear)] == [
        "usb_ports"
    ]


def test_the_longest_name_is_meant():
    names = CountedNames(
        Lexicon(measured=(counted("refresh_rate_at_hdmi"), counted("hdmi_ports"), counted("hdmi")))
    )
    (found,) = counted_things("at least 2 hdmi ports", names)
    assert found.attribute.name == "hdmi_ports"
    assert [each.attribute.name for each in counted_things("2 hdmi", names)] == ["hdmi"]


def test_a_version_is_part_of_the_name():
    names = CountedNames(Lexicon(measured=(counted("usb_2_0_ports_quantity"),)))
    (found,) = counted_things("4 usb 2.0 ports", names)
    assert (found.attribute.name, found.at_least) == ("usb_2_0_ports_quantity", 4.0)


@pytest.mark.parametrize(
    ("name", "text"),
    [("anzahl_anschlüsse", "Hub 8 Anschlüsse"), ("nombre_de_pièces", "puzzle 500 pieces")],
)
def test_accents_do_not_matter(name, text):
    (found,) = counted_things(text, CountedNames(Lexicon(measured=(counted(name),))))
    assert found.attribute.name == name


def test_a_third_of_the_name_has_to_be_said():
    names = CountedNames(Lexicon(measured=(counted("usb_2_0_ports_quantity"),)))
    assert counted_things("at least 4 ports", names) == ()


@pytest.mark.parametrize("text", ["pi 3 and 4 ports", "usb 3.0 - 4 ports"])
def test_a_number_of_something_else_is_no_lower_end(text):
    assert read(text) == [("4 ports", "ports", {"at_least": 4.0, "at_most": 4.0})]


def test_a_unit_of_time_is_counted_where_all_of_the_name_is_said():
    names = CountedNames(Lexicon(measured=(counted("warranty_years"), counted("weeks"))))
    (found,) = counted_things("at least 2 warranty years", names)
    assert found.attribute.name == "warranty_years"
    (found,) = counted_things("at least 2 weeks", names)
    assert found.attribute.name == "weeks"


def test_of_a_pasted_table_only_the_first_numbers_are_read():
    assert len(read("at least 8 ports " * 60)) <= 16


@given(st.text(alphabet="0123456789 .,-+atleorundermxports至少个接口页以上的", max_size=40))
def test_any_text_is_read_without_overlaps(text):
    found = counted_things(text, NAMES)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(0 <= each.start < each.end <= len(text) for each in found)


@given(st.integers(0, 5_000), st.integers(0, 5_000))
def test_the_lower_end_is_never_above_the_upper(one, other):
    for _, _, bounds in read(f"between {one} and {other} pieces"):
        assert bounds.get("at_least", 0) <= bounds.get("at_most", 5_000)
