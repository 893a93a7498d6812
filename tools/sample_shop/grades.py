"""Grade the whole catalogue for each query."""

import re
from dataclasses import dataclass

from tools.sample_shop.intents import Condition, Intent, says
from tools.sample_shop.product_codes import stable_order
from tools.sample_shop.shop_products import ShopProduct

EXACT, GOOD, RELATED, WRONG = 3, 2, 1, 0
_TEMPTING_LIMIT = 25
_LATIN_WORD = re.compile(r"[a-z0-9][a-z0-9-]{2,}")
_HAN_RUN = re.compile(r"[\u4e00-\u9fff]+")
_TOO_COMMON = frozenset(
    "and are but can for from keep not one our own per set some than that the them this with "
    "without under over into not something when who you your".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgment:
    """One line of the judgment file."""

    query: str
    product_id: str
    grade: int


def judgments(intents: list[Intent], products: list[ShopProduct]) -> list[Judgment]:
    """Return all judgments, by query in written order, then grade descending, then id.

    Every product of grade 1 or more is listed. Of the wrong ones only some are: those that share a
    word with the query, which a word index would be tempted by.
    """
    return [judgment for intent in intents for judgment in _judge(intent, products)]


def _judge(intent: Intent, products: list[ShopProduct]) -> list[Judgment]:
    graded = [(grade_of(intent, product), product) for product in products]
    listed = [(grade, product) for grade, product in graded if grade > WRONG]
    wrong = [product for grade, product in graded if grade == WRONG and _tempts(intent, product)]
    wrong.sort(key=lambda product: stable_order("tempting", intent.query, product.id))
    listed += [(WRONG, product) for product in wrong[:_TEMPTING_LIMIT]]
    listed.sort(key=lambda pair: (-pair[0], pair[1].id))
    return [
        Judgment(query=intent.query, product_id=product.id, grade=grade)
        for grade, product in listed
    ]


def grade_of(intent: Intent, product: ShopProduct) -> int:
    """Return the grade. What the shopper cannot read is related at best."""
    grade = _grade_by_conditions(intent, product)
    if intent.language in ("mixed", product.language):
        return grade
    return RELATED if grade >= GOOD else WRONG


def _grade_by_conditions(intent: Intent, product: ShopProduct) -> int:
    if _any_holds(intent.never, product):
        return WRONG
    if _any_holds(intent.exact, product):
        return EXACT
    if _any_holds(intent.good, product):
        return GOOD
    return RELATED if _any_holds(intent.related, product) else WRONG


def _any_holds(conditions: tuple[Condition, ...], product: ShopProduct) -> bool:
    return any(condition.holds(product) for condition in conditions)


def _tempts(intent: Intent, product: ShopProduct) -> bool:
    if _any_holds(intent.never, product):
        return True
    folded = intent.query.casefold()
    words = {word for word in _LATIN_WORD.findall(folded) if word not in _TOO_COMMON}
    pairs = {run[i : i + 2] for run in _HAN_RUN.findall(folded) for i in range(len(run) - 1)}
    title = product.title.casefold()
    return says(title, tuple(sorted(words))) or any(pair in title for pair in pairs)
