import pytest
from pydantic import BaseModel

from language_models import estimate_price
from search_core import ModelRequest
from search_core.settings import LlmSettings


class Names(BaseModel):
    names: list[str]


REQUEST = ModelRequest(
    task="names", instructions="x" * 40, content="y" * 60, answer=Names, max_output_tokens=300
)


def test_a_price_is_known_before_anything_is_sent():
    settings = LlmSettings(input_price=2.0, output_price=8.0)
    estimate = estimate_price([REQUEST, REQUEST], 100, settings)
    assert estimate.requests == 2
    assert estimate.likely.input_tokens == 2 * (10 + 15)
    assert estimate.likely_cost == pytest.approx((50 * 2.0 + 100 * 8.0) / 1e6)
    assert estimate.most.output_tokens == 2 * 300
    assert estimate.most_cost > estimate.likely_cost


def test_without_prices_there_are_tokens_only():
    estimate = estimate_price([REQUEST], 100, LlmSettings())
    assert estimate.likely.input_tokens == 25
    assert estimate.likely_cost is None
    assert estimate.most_cost is None


def test_a_sample_stands_for_the_whole():
    estimate = estimate_price([REQUEST], 100, LlmSettings(input_price=1.0, output_price=1.0))
    tenfold = estimate.times(10)
    assert tenfold.requests == 10
    assert tenfold.likely.output_tokens == 1_000
    assert tenfold.likely_cost == pytest.approx(10 * 125 / 1e6)
