import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.number_parsing import (
    DecimalMark,
    currency_in,
    parse_number,
    parse_price,
    parse_quantity,
    unit_in_name,
)

POINT, COMMA = DecimalMark.POINT, DecimalMark.COMMA


@pytest.mark.parametrize(
    ("text", "mark", "number"),
    [
        ("1299", POINT, 1299.0),
        ("1,299.50", POINT, 1299.5),
        ("1.299,50", POINT, 1299.5),
        ("1.299", COMMA, 1299.0),
        ("1.299", POINT, 1.299),
        ("1,299", POINT, 1299.0),
        ("0,299", POINT, 0.299),
        ("1 299,5", COMMA, 1299.5),
        ("1'299.50", POINT, 1299.5),
        ("1,299,000", POINT, 1299000.0),
        ("-5", POINT, -5.0),
        (".5", POINT, 0.5),
        ("12 cm", POINT, None),
        ("", POINT, None),
    ],
)
def test_numbers_are_read_as_their_country_writes_them(
    text: str, mark: DecimalMark, number: float | None
) -> None:
    assert parse_number(text, mark) == number


@given(st.integers(0, 10**9), st.integers(0, 99))
def test_both_ways_of_writing_an_amount_mean_the_same(whole: int, cents: int) -> None:
    english = f"{whole:,}.{cents:02d}"
    german = english.replace(",", "_").replace(".", ",").replace("_", ".")
    assert parse_number(english, POINT) == pytest.approx(whole + cents / 100)
    assert parse_number(german, COMMA) == parse_number(english, POINT)


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("15.6 cm", (15.6, "cm")),
        ("2公斤", (2.0, "公斤")),
        ('17"', (17.0, '"')),
        ("1,5 kg", (1.5, "kg")),
        ("8", (8.0, None)),
        ("0042", None),
        ("4006381333931123", None),
        ("10 x 20 cm", None),
        ("DDR4", None),
        ("about 3 kg", None),
    ],
)
def test_plain_quantities_are_read_and_others_stay_text(
    text: str, quantity: tuple[float, str | None] | None
) -> None:
    assert parse_quantity(text) == quantity


@pytest.mark.parametrize(
    ("text", "price", "currency"),
    [
        ("$1,299.00", 1299.0, "USD"),
        ("15,00 €", 15.0, "EUR"),
        ("15.00 GBP", 15.0, "GBP"),
        ("¥1,980", 1980.0, None),
        ("ab 9.99", 9.99, None),
        ("10.50 - 20", 10.5, None),
        ("15,-", 15.0, None),
        ("on request", None, None),
    ],
)
def test_prices_are_read_with_their_currency(
    text: str, price: float | None, currency: str | None
) -> None:
    assert parse_price(text) == price
    assert currency_in(text) == currency


def test_a_unit_in_the_name_is_found() -> None:
    assert unit_in_name("Weight (kg)") == "kg"
    assert unit_in_name("重量（克）") == "克"
    assert unit_in_name("Size (EU)") is None
