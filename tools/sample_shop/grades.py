"""Grade the whole catalogue for each query."""

import re
from dataclasses import dataclass

from tools.sample_shop.intents import Condition, Intent, says
from tools.sample_shop.product_codes import stable_order
from tools.sample_shop.shop_products import ShopProduct

EXACT, GOOD, RELATED, WRONG = 3, 2, 1, 0
_TEMPTING_LIMIT = 40
_NEIGHBOUR_LIMIT = 15
_LATIN_WORD = re.compile(r"[a-z0-9][a-z0-9-]{2,}")
_HAN_RUN = re.compile(r"[\u4e00-\u9fff]+")
_TEMPTS_NOBODY = re.compile(
    r"(and|are|but|can|for|from|into|keep|not|one|set|some|than|that|the|this|when|with|without|who)"
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
    word with the query, which tempt a word index, and those on the same shelf as a wanted product,
    which tempt a vector index.
    """
    return [judgment for intent in intents for judgment in _judge(intent, products)]


def grade_of(intent: Intent, product: ShopProduct) -> int:
    """Return the grade. What the shopper cannot read is related at best."""
    grade = _grade_by_conditions(intent, product)
    if intent.language in ("mixed", product.row["language"]):
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


def _judge(intent: Intent, products: list[ShopProduct]) -> list[Judgment]:
    query = intent.query(products)
    graded = [(grade_of(intent, product), product) for product in products]
    listed = [(grade, product) for grade, product in graded if grade > WRONG]
    wrong = [product for grade, product in graded if grade == WRONG]
    wrong.sort(key=lambda product: stable_order("wrong", query, product.row["id"]))
    wanted = [product for grade, product in listed if grade == EXACT]
    listed += [(WRONG, product) for product in _tempting(intent, wanted, wrong)]
    listed.sort(key=lambda pair: (-pair[0], pair[1].row["id"]))
    return [
        Judgment(query=query, product_id=product.row["id"], grade=grade)
        for grade, product in listed
    ]


def _tempting(
    intent: Intent, wanted: list[ShopProduct], wrong: list[ShopProduct]
) -> list[ShopProduct]:
    """Return the wrong products that an index would offer first."""
    words = _words(intent.text)
    by_words = [(_temptation(intent, words, product), product) for product in wrong]
    by_words.sort(key=lambda pair: -pair[0])
    tempting = [product for temptation, product in by_words[:_TEMPTING_LIMIT] if temptation]
    shelves = {_shelf(product) for product in wanted}
    taken = {product.row["id"] for product in tempting}
    beside = [p for p in wrong if _shelf(p) in shelves and p.row["id"] not in taken]
    return tempting + beside[:_NEIGHBOUR_LIMIT]


def _temptation(intent: Intent, words: list[str], product: ShopProduct) -> int:
    """Return how many of the query's words the product has; one in the title counts thrice.

    What the shopper excluded tempts more than anything.
    """
    title = product.row["title"]
    rest = " ".join((product.row["description"], *product.row["category"]))
    temptation = 100 if _any_holds(intent.never, product) else 0
    temptation += 3 * sum(says(title, (word,)) for word in words)
    return temptation + sum(says(rest, (word,)) for word in words)


def _shelf(product: ShopProduct) -> tuple[str, ...]:
    """Return department and the category below it."""
    return tuple(product.row["category"][:2])


def _words(query: str) -> list[str]:
    """Return the query's Latin words and its pairs of Han characters."""
    typed = query.casefold()
    words = [word for word in _LATIN_WORD.findall(typed) if not _TEMPTS_NOBODY.fullmatch(word)]
    runs = _HAN_RUN.findall(typed)
    return words + [run[i : i + 2] for run in runs for i in range(len(run) - 1)]
