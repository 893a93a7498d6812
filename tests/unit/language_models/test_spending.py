import asyncio
from itertools import count

import pytest
from pydantic import BaseModel

from language_models.prompt import first_prompt
from language_models.spending import Spending, Usage
from search_core import LanguageModelBudgetError, ModelRequest
from search_core.settings import LlmSettings


class Names(BaseModel):
    names: list[str]


def prompt(settings, output_tokens):
    request = ModelRequest(
        task="names",
        instructions="i",
        content="c",
        answer=Names,
        max_output_tokens=output_tokens,
    )
    return first_prompt(request, settings)


def settings(max_cost):
    return LlmSettings(input_price=0.0, output_price=1_000_000.0, max_cost=max_cost)


async def test_who_waits_for_others_goes_on_when_they_took_less():
    chosen = settings(100.0)
    spending = Spending(chosen)
    order = []

    async def first():
        async with spending.reserve(prompt(chosen, 80)) as reservation:
            order.append("first")
            await asyncio.sleep(0)
            reservation.used = Usage(output_tokens=10)

    async def second():
        await asyncio.sleep(0)
        async with spending.reserve(prompt(chosen, 80)) as reservation:
            order.append("second")
            reservation.used = Usage(output_tokens=20)

    await asyncio.gather(first(), second())
    assert order == ["first", "second"]
    assert spending.cost == pytest.approx(30.0)


async def test_an_exception_charges_the_most_unless_told_otherwise():
    chosen = settings(100.0)
    spending = Spending(chosen)
    with pytest.raises(ZeroDivisionError):
        async with spending.reserve(prompt(chosen, 60)):
            raise ZeroDivisionError
    assert spending.cost == pytest.approx(60.0)
    with pytest.raises(LanguageModelBudgetError):
        async with spending.reserve(prompt(chosen, 60)):
            pass


async def test_the_limit_holds_for_many_at_once_whatever_they_take():
    chosen = settings(50.0)
    spending = Spending(chosen)
    numbers = count()

    async def one():
        try:
            async with spending.reserve(prompt(chosen, 1 + next(numbers) % 13)) as reservation:
                await asyncio.sleep(0)
                most = reservation.used.output_tokens
                reservation.used = Usage(output_tokens=max(1, most - 1))
        except LanguageModelBudgetError:
            return False
        return True

    done = await asyncio.gather(*(one() for _ in range(60)))
    assert spending.cost <= 50.0
    # Some were paid, and the limit stopped others.
    assert 0 < sum(done) < 60


async def test_without_a_limit_tokens_are_counted_all_the_same():
    chosen = LlmSettings()
    spending = Spending(chosen)
    async with spending.reserve(prompt(chosen, 5)) as reservation:
        reservation.used = Usage(input_tokens=3, output_tokens=2)
    assert spending.used == Usage(input_tokens=3, output_tokens=2)
    assert spending.cost == 0.0
