"""Write the sample shop's files."""

import csv
import io
import json
from dataclasses import dataclass
from pathlib import Path

from tools.sample_shop.entries import read_entries
from tools.sample_shop.grades import Judgment, judgments
from tools.sample_shop.intents import read_intents
from tools.sample_shop.shop_products import ShopProduct, shop_products

SHIPPED_FOLDER = Path(__file__).parents[2] / "shopkeeper" / "sample_shop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """How much was written."""

    products: int
    queries: int
    judgments: int


def write_sample_shop(folder: Path) -> Written:
    """Write `products.jsonl` and `judgments.csv` into the folder: the same bytes each time."""
    products = shop_products(read_entries())
    intents = read_intents()
    graded = judgments(intents, products)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "products.jsonl").write_bytes(_jsonl(products).encode())
    (folder / "judgments.csv").write_bytes(_csv(graded).encode())
    return Written(products=len(products), queries=len(intents), judgments=len(graded))


def _jsonl(products: list[ShopProduct]) -> str:
    return "".join(json.dumps(product.row, ensure_ascii=False) + "\n" for product in products)


def _csv(graded: list[Judgment]) -> str:
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(("query", "docid", "rating"))
    lines.writerows((line.query, line.product_id, line.grade) for line in graded)
    return text.getvalue()
