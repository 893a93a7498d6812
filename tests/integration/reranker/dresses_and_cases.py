"""An index in which BM25 puts the wrong kind of product first, in a way that can be learned."""

from search_core import Product
from search_core.settings import SearchEngineSettings
from search_engine import IndexDescription, index_body, product_document

WORDS = (
    "apple", "birch", "cedar", "daisy", "elder", "fern", "grass", "hazel", "iris", "juniper",
    "kale", "lily",
)  # fmt: skip
OF_A_KIND = 3


def write_index(client, name):
    """Write, for every word, cases, which are found first by their shorter titles, and dresses."""
    body = index_body(IndexDescription(languages=("en",), encoder=None), SearchEngineSettings())
    client.indices.create(index=name, body=body)
    lines = []
    for word in WORDS:
        for number in range(OF_A_KIND):
            title = f"summer dress, {word}, size {number}"
            for product in (
                Product(id=f"case-{word}-{number}", title=f"{word} case", price=5.0 + number),
                Product(id=f"dress-{word}-{number}", title=title, price=90.0 + number),
            ):
                lines += [{"index": {"_id": product.id}}, product_document(product, None)]
    answer = client.bulk(index=name, body=lines, params={"refresh": "true"})
    assert not answer["errors"], answer


def judged(grade_of):
    """Return query, product and grade of everything, the grade by kind of product."""
    return [
        (word, f"{kind}-{word}-{number}", grade)
        for word in WORDS
        for number in range(OF_A_KIND)
        for kind, grade in grade_of.items()
    ]
