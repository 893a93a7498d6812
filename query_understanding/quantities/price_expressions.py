"""The grammar of prices in queries, English and Chinese: `under 500`, `$20-30`, 500元以下.

Bare numbers are prices only after words that say a bound (`under 30`), and never before a unit
(`under 2 kg`). After a lower bound they are none before any other word: `at least 40 bags` says how
many, `under 500 headphones` what they cost. A dash or `to` between two numbers is a price range
only with a currency. English number words are read before a currency, and where nothing else can be
meant behind a bound: `under twenty`, not `up to two monitors`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from query_understanding.quantities.worded_numbers import WORDED_NUMBER, in_digits
from search_core import NUMBER, RangeFilter, parse_number

_AROUND = 0.2
"""`around 100` takes 80 to 120."""

_SIGN = r"(?:us\$|\$|€|£|¥|￥)"
_CURRENCY = (
    r"(?:(?:us\s?)?dollars?|usd|bucks?|euros?|eur|pounds?|gbp|rmb|cny|yuan|quid|"
    r"块钱|块|元钱|元|圆|人民币|美元|欧元|€|\$|£|¥)(?![a-z])"
)
_UNIT = (
    r"(?:[\"”″'′%°]|-?(?:inch(?:es)?|in|cm|mm|m|km|ft|feet|metres?|meters?|kg|g|grams?|lbs?|pounds?|"
    r"oz|ounces?|l|ml|cl|lit(?:er|re)s?|w|kw|watts?|v|volts?|a|ah|mah|hz|khz|mhz|ghz|[kmgt]b|mp|"
    r"megapixels?|px|dpi|rpm|db|lm|lumens?|hours?|hrs?|h|minutes?|min|days?|weeks?|months?|years?|"
    r"yrs?|people|persons?|pieces?|pcs|pack|seats?|seater|ply|thread|bit|degrees?|°c|c|f)"
    r"(?![a-z])|寸|英寸|吋|厘米|毫米|米|公分|公斤|千克|克|斤|升|毫升|瓦|伏|毫安|安|小时|分钟|天|岁|"
    r"个月|月|年|人|件|片|个|台|支|张|度|码|包|袋|瓶|盒|双|克)"
)
_AMOUNT = rf"(?:{_SIGN}\s?)?{NUMBER}(?!\d)(?:\s?{_CURRENCY})?"
_PRICED = rf"(?:{_SIGN}\s?{NUMBER}(?:\s?{_CURRENCY})?|{NUMBER}\s?{_CURRENCY})"
_NOT_A_UNIT = rf"(?!\s?{_UNIT})(?!\s?[-x×*]\s?\d)(?!,\d)(?![\w.])"
_EACH = re.compile(r"\s*(?:each|apiece|per (?:piece|item|unit|pack|one))(?!\w)", re.IGNORECASE)
_NOT_ZH = rf"(?!\s?{_UNIT})(?!\d)"

_AT_MOST = (
    r"(?:no(?:t)? (?:more|higher) than|up to|upto|at most|max(?:imum)?(?: of)?|within|<=|≤|"
    r"(?:for|costing) at most|not (?:over|above))"
)
_LESS = (
    r"(?:under|below|beneath|less than|lower than|cheaper than|fewer than|(?:priced )?under|"
    r"not more than|<|smaller than)"
)
_AT_LEAST = (
    r"(?:at least|min(?:imum)?(?: of)?|no less than|not (?:under|below|less than)|"
    r"starting (?:at|from)|>=|≥|from)"
)
_MORE = r"(?:over|above|more than|higher than|exceeding|upwards of|>|pricier than|dearer than)"
_ABOUT = r"(?:around|about|approx(?:imately|\.)?|roughly|circa|near(?:ly)?|~|≈)"
_PRICE_WORD = r"(?:(?:the )?(?:price|priced|cost(?:s|ing)?|budget)(?: (?:is|of|range))?:?\s+)?"

_ZH_MOST = r"(?:不超过|不多于|不高于|最多|最高|至多|顶多)"
_ZH_LESS = r"(?:低于|少于|小于|不到|不足|便宜于)"
_ZH_LEAST = r"(?:至少|最少|最低|不低于|不少于|起码)"
_ZH_MORE = r"(?:高于|超过|大于|多于)"
_ZH_ABOUT = r"(?:大概|大约|约|差不多|左右)"
_ZH_PRICE = r"(?:(?:价格|价钱|售价|预算|价位)(?:在|为|是)?[:：]?\s*)?"
_ZH_TAIL = r"(?:的|价位的|价位)?"


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceExpression:
    """A price range in a text, and where it stands."""

    start: int
    end: int
    range: RangeFilter
    certain: bool
    """A currency or the word price stands with it."""


_Bounds = Callable[[list[float]], RangeFilter]


def _at_most(numbers: list[float]) -> RangeFilter:
    return RangeFilter(field="price", at_most=numbers[0])


def _less(numbers: list[float]) -> RangeFilter:
    return RangeFilter(field="price", less_than=numbers[0])


def _at_least(numbers: list[float]) -> RangeFilter:
    return RangeFilter(field="price", at_least=numbers[0])


def _more(numbers: list[float]) -> RangeFilter:
    return RangeFilter(field="price", greater_than=numbers[0])


def _about(numbers: list[float]) -> RangeFilter:
    centre = numbers[0]
    return RangeFilter(
        field="price", at_least=centre * (1 - _AROUND), at_most=centre * (1 + _AROUND)
    )


def _between(numbers: list[float]) -> RangeFilter:
    low, high = sorted(numbers[:2])
    return RangeFilter(field="price", at_least=low, at_most=high)


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


def _english(words: str) -> str:
    return rf"(?<![\w-])(?:for\s+)?{_PRICE_WORD}(?:{words})\s*{_AMOUNT}{_NOT_A_UNIT}"


def _chinese(words: str) -> str:
    return rf"{_ZH_PRICE}{words}\s*{_AMOUNT}{_NOT_ZH}{_ZH_TAIL}"


_FROM = r"(?<![\w-])from\s+"
_PAIR = rf"{_AMOUNT}\s*(?:and|to|-|–|—|~|&)\s*{_AMOUNT}"
_ZH_TO = r"(?:到|至|-|–|—|~|～)"
_ZH_PRICE_IS = r"(?:价格|价钱|售价|预算|价位)(?:在|为|是)?[:：]?\s*"
_PRICE_IS = r"(?<![\w-])(?:price|priced|budget|costing)(?: of| range| is)?:?\s+"
_BETWEEN = rf"(?<![\w-])(?:for\s+)?{_PRICE_WORD}(?:in )?between\s+"
_ZH_BOTH = rf"{_AMOUNT}\s*{_ZH_TO}\s*"

# Tried in this order at every place; the longest match of the first that fits wins.
_GRAMMAR: tuple[tuple[re.Pattern[str], _Bounds], ...] = (
    (_pattern(rf"{_BETWEEN}{_PAIR}{_NOT_A_UNIT}"), _between),
    (_pattern(rf"{_FROM}{_AMOUNT}\s*(?:to|-|–|up to)\s*{_AMOUNT}{_NOT_A_UNIT}"), _between),
    (_pattern(rf"{_PRICE_IS}{_PAIR}{_NOT_A_UNIT}"), _between),
    (_pattern(rf"(?<![\w-]){_PRICED}\s*(?:to|-|–|—|~)\s*{_AMOUNT}{_NOT_A_UNIT}"), _between),
    (_pattern(rf"(?<![\w-]){NUMBER}\s*(?:to|-|–|—|~)\s*{_PRICED}{_NOT_A_UNIT}"), _between),
    (_pattern(rf"{_ZH_PRICE}{_ZH_BOTH}{_PRICED}(?:之间|左右|以内)?{_ZH_TAIL}"), _between),
    (_pattern(rf"{_ZH_PRICE}{_AMOUNT}\s*{_ZH_TO}\s*{_AMOUNT}之间{_ZH_TAIL}"), _between),
    (_pattern(rf"{_ZH_PRICE_IS}{_ZH_BOTH}{_AMOUNT}{_NOT_ZH}"), _between),
    (_pattern(rf"{_ZH_PRICE}{_AMOUNT}\s*(?:以下|之下|以内|之内|内|封顶){_ZH_TAIL}"), _at_most),
    (_pattern(rf"{_ZH_PRICE}{_AMOUNT}\s*(?:以上|之上|起步|起|往上){_ZH_TAIL}"), _at_least),
    (_pattern(rf"{_ZH_PRICE}{_AMOUNT}\s*(?:左右|上下|出头){_ZH_TAIL}"), _about),
    (_pattern(_chinese(_ZH_MOST)), _at_most),
    (_pattern(_chinese(_ZH_LEAST)), _at_least),
    (_pattern(_chinese(_ZH_LESS)), _less),
    (_pattern(_chinese(_ZH_MORE)), _more),
    (_pattern(rf"{_ZH_PRICE}{_ZH_ABOUT}\s*{_PRICED}{_NOT_ZH}{_ZH_TAIL}"), _about),
    (_pattern(_english(_AT_MOST)), _at_most),
    (_pattern(_english(_AT_LEAST)), _at_least),
    (_pattern(_english(_LESS)), _less),
    (_pattern(_english(_MORE)), _more),
    (_pattern(_english(_ABOUT)), _about),
    (_pattern(rf"(?<![\w-]){_PRICED}\s*(?:or|and)\s+(?:less|under|below|cheaper)(?!\w)"), _at_most),
    (_pattern(rf"(?<![\w-]){_PRICED}\s*(?:or|and)\s+(?:more|over|above|up)(?!\w)"), _at_least),
    (_pattern(rf"(?<![\w-]){_PRICED}\s*(?:max|maximum|tops)(?!\w)"), _at_most),
    (_pattern(rf"(?<![\w-]){_SIGN}\s?{NUMBER}\s?\+"), _at_least),
)  # fmt: skip

_GOES_ON = (
    r"(?:an?|and|any|apiece|as|at|but|by|each|except|for|from|if|in|is|max(?:imum)?|min(?:imum)?|"
    r"no|not|of|on|only|or|per|please|plus|than|that|the|this|to|tops|up|via|which|with|without)"
    r"(?!\w)"
)
"""Words behind a number that name no things."""
_BOUND = rf"(?:{_AT_MOST}|{_LESS}|{_AT_LEAST}|{_MORE}|{_ABOUT})\s*(?:{_SIGN}\s?)?\d"
_THINGS = _pattern(rf"(?:\s+|-)(?!{_GOES_ON}|{_BOUND})[a-z]")
_ZH_THINGS = _pattern(r"\s*[只枚颗粒罐页根层]")
"""Without a measure word the price is meant: 超过500手机."""
_LEAST = {
    _pattern(pattern(words)): things
    for pattern, things, bounds in (
        (_english, _THINGS, (_AT_LEAST, _MORE)),
        (_chinese, _ZH_THINGS, (_ZH_LEAST, _ZH_MORE)),
    )
    for words in bounds
}
"""Lower bounds → what begins directly behind them where a number is of things, not a price."""
_CERTAIN = _pattern(rf"{_SIGN}|{_CURRENCY}|price|cost|budget|价|预算")
_NUMBERS = _pattern(NUMBER)
_NO_PRICE = _pattern(r"\d{12,}|[零〇一二两兩三四五六七八九十百千万萬亿億]{24,}")
_WATTS = _pattern(r"\d\s?w(?![a-z])")

_WORDED_BOUND = _pattern(
    rf"(?<![\w-])(?:(?:no|not) (?:more|higher|less|lower) than|up to|at (?:most|least)|{_LESS}|"
    rf"{_MORE}|between|(?:between|from)\s+(?:{NUMBER}|{WORDED_NUMBER})\s*(?:and|to|-))\s*$"
)
_LONGEST_BOUND = 60
"""Characters before a number in which its bound stands."""
_FEWEST = 10
"""Without a currency: `for up to two` is of people, `more than one` of anything."""
_THEN_CURRENCY = _pattern(rf"(?:\s*(?:and|to|-|–)\s*(?:{NUMBER}|{WORDED_NUMBER}))?\s?{_CURRENCY}")
_THEN_NO_THING = _pattern(
    rf"\s*(?:$|[,.;!?])|\s+(?:for|with|without|but|please|that|which|each|apiece)(?!\w)|"
    rf"\s+(?:and|to)\s+(?:{NUMBER}|{WORDED_NUMBER})\s*(?:$|[,.;!?])"
)


def price_expressions(text: str) -> tuple[PriceExpression, ...]:
    """Return the price ranges in a text, in order, without overlaps.

    Args:
        text: normalised: half-width digits and signs.
    """
    found: list[PriceExpression] = []
    taken: list[tuple[int, int]] = []
    text, typed_place = in_digits(text, _is_worded_price)
    # Codes, and what was pasted: the grammar would try to end a number at each of their digits.
    text = _NO_PRICE.sub(lambda match: "#" * len(match[0]), text)
    for pattern, bounds in _GRAMMAR:
        for match in pattern.finditer(text):
            if any(match.start() < end and match.end() > start for start, end in taken):
                continue
            if match[0].isascii() and _WATTS.search(match[0]):
                continue  # 5w is 50,000 in Chinese only
            certain = _CERTAIN.search(match[0]) is not None
            if not certain and _counts_things(pattern, match):
                taken.append(match.span())
                continue
            numbers = [parse_number(each) for each in _NUMBERS.findall(match[0])]
            amounts = [each for each in numbers if each is not None]
            if amounts:
                end = _end(text, match.end())
                taken.append((match.start(), end))
                found.append(
                    PriceExpression(
                        start=typed_place(match.start()),
                        end=typed_place(end),
                        range=bounds(amounts),
                        certain=certain,
                    )
                )
    return tuple(sorted(found, key=lambda each: each.start))


def _is_worded_price(text: str, start: int, end: int, number: int) -> bool:
    """Say whether number words can be nothing but a price."""
    if _THEN_CURRENCY.match(text, end):
        return True
    return (
        number >= _FEWEST
        and _THEN_NO_THING.match(text, end) is not None
        and _WORDED_BOUND.search(text[max(0, start - _LONGEST_BOUND) : start]) is not None
    )


def _counts_things(pattern: re.Pattern[str], match: re.Match[str]) -> bool:
    """Say whether a lower bound is one of how many things: `at least 40 bags`, 至少8只."""
    things = _LEAST.get(pattern)
    return things is not None and things.match(match.string, match.end()) is not None


def _end(text: str, place: int) -> int:
    """Return where a price ends that is said to be of one: `under £2 each`."""
    of_one = _EACH.match(text, place)
    return of_one.end() if of_one else place
