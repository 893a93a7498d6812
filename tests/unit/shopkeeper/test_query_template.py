import pytest

from evaluation import JudgedQuery
from search_core import ConfigurationError
from shopkeeper.query_template import TemplateAnswers, read_template


class Client:
    """Answers every search with the same hits, and keeps what it was asked."""

    def __init__(self, *hits):
        self.hits = list(hits)
        self.bodies = []

    async def search(self, index, body):
        self.bodies.append(body)
        return {"hits": {"hits": self.hits}}


def hit(product_id, score, **source):
    return {"_id": product_id, "_score": score, "_source": source}


async def answer(client, body, text='19" rack {{size}}', depth=100):
    return await TemplateAnswers(client, "products", body, page=10)(JudgedQuery(text=text), depth)


async def test_the_query_goes_in_whole_whatever_it_contains():
    client = Client()
    await answer(client, {"query": {"match": {"title": "{{query}}"}}, "size": "{{size}}"})
    assert client.bodies[0]["query"] == {"match": {"title": '19" rack {{size}}'}}


async def test_it_is_asked_deep_for_hits_and_then_for_a_page():
    client = Client()
    await answer(client, {"query": {"match": {"title": "a {{query}}"}}}, text="sofa")
    assert [body["size"] for body in client.bodies] == [100, 10]
    assert client.bodies[0]["query"] == {"match": {"title": "a sofa"}}


async def test_a_size_of_the_template_keeps_its_type():
    client = Client()
    await answer(client, {"query": {"knn": {"k": "{{size}}"}}, "from": 0, "x": ["{{query}}"]})
    assert client.bodies[0]["query"] == {"knn": {"k": 100}}


async def test_equal_scores_are_ordered_by_id():
    found = await answer(
        Client(hit("b", 1.0), hit("c", 2.0), hit("a", 1.0)), {"query": "{{query}}"}
    )
    assert found.product_ids == ("c", "a", "b")


async def test_an_order_of_the_template_is_kept():
    client = Client(hit("b", None, title="B"), hit("a", None))
    found = await answer(client, {"query": "{{query}}", "sort": [{"price": "asc"}]})
    assert found.product_ids == ("b", "a")
    assert found.shown[0].title == "B"


async def test_filters_are_refused_rather_than_dropped():
    query = JudgedQuery(text="sofa", filters=("brand=X",))
    with pytest.raises(ConfigurationError, match="has filters"):
        await TemplateAnswers(Client(), "products", {}, page=10)(query, 10)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "is no JSON"),
        ("[]", "no search body"),
        ('{"query": {"match_all": {}}}', "no search body"),
        ('{"size": "{{size}}"}', "no search body"),
    ],
)
def test_a_file_that_is_no_template_is_refused(tmp_path, text, message):
    path = tmp_path / "body.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=message):
        read_template(path)


def test_a_missing_template_is_refused(tmp_path):
    with pytest.raises(ConfigurationError, match="cannot be read"):
        read_template(tmp_path / "nothing.json")
