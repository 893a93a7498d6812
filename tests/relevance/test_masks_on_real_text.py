"""On real product titles and queries, nothing is taken for personal data."""

import csv
import gzip
import json
from pathlib import Path

import pytest

from privacy import PersonalDataMask
from search_core.settings import PrivacySettings

SHARED = Path(__file__).parents[3] / "shared" / "data"

pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(not SHARED.exists(), reason=f"the shared research data is not at {SHARED}"),
]


def masked(texts):
    mask = PersonalDataMask(PrivacySettings().phone_regions)
    return [text for text in texts if mask.found(text)]


def test_no_title_and_no_ean_of_an_electronics_catalogue_is_masked():
    with gzip.open(SHARED / "icecat" / "products.jsonl.gz", "rt", encoding="utf-8") as file:
        products = [json.loads(line) for line in file]
    assert masked(product["title"] or "" for product in products) == []
    assert masked(str(ean) for product in products[::4] for ean in product.get("ean") or ()) == []


def test_no_chinese_title_is_masked():
    lines = (SHARED / "litemall_zh" / "products.jsonl").read_text(encoding="utf-8").splitlines()
    assert masked(json.loads(line)["title"] for line in lines) == []


def test_no_real_query_is_masked():
    furniture = SHARED / "wands_queries" / "query.csv"
    electronics = SHARED / "icecat" / "judgments.csv"
    queries = set()
    for path in (furniture, electronics):
        with path.open(encoding="utf-8", newline="") as file:
            queries |= {row["query"] for row in csv.DictReader(file)}
    assert len(queries) > 500
    assert masked(queries) == []
