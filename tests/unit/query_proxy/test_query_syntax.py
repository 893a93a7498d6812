import pytest

from query_proxy.takeover.query_syntax import has_operators, has_simple_operators


@pytest.mark.parametrize(
    "text", ["red dress", "usb-c cable", "wi-fi 6e", "4-in-1", "床单 纯棉", "hp & canon", "size 42"]
)
def test_what_shoppers_type_has_no_operators(text):
    assert not has_simple_operators(text)
    assert not has_operators(text)


@pytest.mark.parametrize(
    "text", ["+red dress", "red -dress", '"red dress"', "dress*", "dres~1", "red | blue", "(red) x"]
)
def test_operators_of_both_languages_are_seen(text):
    assert has_simple_operators(text)
    if "|" not in text:
        assert has_operators(text)


@pytest.mark.parametrize(
    "text",
    ["brand:aria", "red AND blue", "NOT red", "pr?ce", "price:[1 TO 5]", "red^2", "/re/", "a||b"],
)
def test_operators_of_the_full_language_are_seen(text):
    assert has_operators(text)
