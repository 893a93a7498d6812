import json
from collections import Counter

import pytest

from benchmarks.synthetic_catalogue import TYPES, SyntheticCatalogue


@pytest.fixture(scope="module")
def catalogue():
    return SyntheticCatalogue()


def written(catalogue, folder, rows):
    path = folder / f"{rows}.jsonl"
    catalogue.write(path, rows)
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_product_is_the_same_in_a_catalogue_of_any_size_and_in_every_run(catalogue, tmp_path):
    few, many = written(catalogue, tmp_path, 20), written(SyntheticCatalogue(), tmp_path, 200)
    assert few == many[:20]


def test_types_and_words_are_as_unevenly_frequent_as_in_a_shop(catalogue, tmp_path):
    rows = written(catalogue, tmp_path, 4_000)
    types = Counter(each["product_type"] for each in rows).most_common()
    assert 0.75 * TYPES < len(types) <= TYPES
    assert types[0][1] > 10 * types[len(types) // 2][1]
    words = Counter(word for each in rows for word in each["description"].lower().split())
    once = sum(count == 1 for count in words.values())
    assert len(words) > 5_000
    assert once > len(words) / 5


def test_queries_differ_have_up_to_four_words_and_are_answered_by_a_product(catalogue, tmp_path):
    queries = catalogue.queries(50)
    assert len(set(queries)) == 50
    assert {len(each.split()) for each in queries} == {1, 2, 3, 4}
    texts = [json.dumps(each).lower() for each in written(catalogue, tmp_path, 20_000)]
    for query in queries[:10]:
        assert any(all(word in text for word in query.split()) for text in texts), query
