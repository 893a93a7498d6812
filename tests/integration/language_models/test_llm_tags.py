import json
import re

import pytest

from indexer.enrichment import LlmTags
from language_models import AnswerCache, EndpointModel
from language_models.testing import CompletionServer, Reply
from search_core import Attribute, Product, TagKind
from search_core.settings import LlmSettings


def product(number, **more):
    return Product(id=f"p{number}", title=f"Stroller {number}", **more)


def told(request):
    return json.loads(request.texts[1])


def tag_everything(request):
    """Tags every product of a request with its own number."""
    if len(request.texts) > 2:
        return Reply(text="no better")
    entries = [
        {
            "number": each["number"],
            "tags": [{"text": f"buggy {each['title'].split()[-1]}", "kind": "alternative_name"}],
        }
        for each in told(request)
    ]
    return Reply(text=json.dumps({"products": entries}))


@pytest.fixture
def make(tmp_path):
    models = []

    def made(server, batch=3, **settings):
        chosen = LlmSettings(base_url=server.base_url, model="m1", **{"retries": 0, **settings})
        memory = AnswerCache(tmp_path / "answers", 10_000_000)
        models.append(EndpointModel(chosen, memory))
        return LlmTags(models[-1], memory, batch)

    yield made
    for model in models:
        model.close()


def texts(tags):
    return [[tag.text for tag in each] for each in tags]


def test_products_are_asked_about_in_batches_and_get_their_own_tags(make):
    with CompletionServer(by=tag_everything) as server:
        generated = make(server).generate([product(number) for number in range(7)])
    assert texts(generated) == [[f"buggy {number}"] for number in range(7)]
    assert sorted(len(told(request)) for request in server.requests) == [1, 3, 3]
    ((tag,), *_) = generated
    assert (tag.kind, tag.source, tag.confidence) == (TagKind.ALTERNATIVE_NAME, "llm:m1", 0.6)


def test_only_what_shoppers_may_read_is_told(make):
    secretive = product(
        1,
        brand="Wrenfold",
        price=12.5,
        codes=("4006381333931",),
        category_path=("Baby", "Transport"),
        attributes=(Attribute(name="colour", value="red"),),
    )
    with CompletionServer(by=tag_everything) as server:
        make(server).generate([secretive])
    (request,) = server.requests
    assert told(request) == [
        {
            "number": 1,
            "title": "Stroller 1",
            "brand": "Wrenfold",
            "category": "Baby > Transport",
            "attributes": ["colour: red"],
        }
    ]
    assert "in the language of its title" in re.sub(r"\s+", " ", request.texts[0])


def test_a_product_is_paid_for_once_whichever_batch_it_stands_in(make):
    with CompletionServer(by=tag_everything) as server:
        make(server).generate([product(number) for number in range(4)])
        before = len(server.requests)
        again = make(server, batch=2)
        generated = again.generate([product(3), product(9), product(0)])
        assert texts(generated) == [["buggy 3"], ["buggy 9"], ["buggy 0"]]
        assert [len(told(request)) for request in server.requests[before:]] == [1]
        assert (again.counts.remembered, again.counts.answered) == (2, 1)


def test_a_changed_text_is_asked_about_anew_and_a_changed_price_is_not(make):
    with CompletionServer(by=tag_everything) as server:
        tags = make(server)
        tags.generate([product(1, price=5.0)])
        tags.generate([product(1, price=6.0)])
        assert len(server.requests) == 1
        tags.generate([product(1, description="Folds with one hand.")])
        assert len(server.requests) == 2


def test_a_batch_that_fails_costs_only_its_own_products_their_tags(make):
    def by(request):
        return Reply(text="no") if "Stroller 4" in request.texts[1] else tag_everything(request)

    with CompletionServer(by=by) as server:
        tags = make(server)
        generated = tags.generate([product(number) for number in range(7)])
    assert texts(generated) == [["buggy 0"], ["buggy 1"], ["buggy 2"], [], [], [], ["buggy 6"]]
    assert tags.counts.unanswered == {"language_model_answer": 3}


def test_products_that_an_answer_leaves_out_are_asked_about_in_the_next_run(make):
    def only_the_first(request):
        reply = json.loads(tag_everything(request).text)
        return Reply(text=json.dumps({"products": reply["products"][:1]}))

    with CompletionServer(by=only_the_first) as server:
        tags = make(server)
        assert texts(tags.generate([product(1), product(2)])) == [["buggy 1"], []]
        assert tags.counts.unanswered == {"left_out": 1}
    with CompletionServer(by=tag_everything) as server:
        later = make(server)
        generated = later.generate([product(2)])
    assert texts(generated) == [["buggy 2"]]


def test_an_endpoint_that_is_down_is_not_asked_again_in_the_run(make):
    with CompletionServer(Reply(status=500, body="{}")) as server:
        tags = make(server)
        assert texts(tags.generate([product(1)])) == [[]]
        assert texts(tags.generate([product(2), product(3)])) == [[], []]
        assert len(server.requests) == 1
    assert tags.counts.unanswered == {"language_model_unavailable": 3}


def test_when_the_money_is_spent_the_rest_goes_without(make):
    with CompletionServer(by=tag_everything) as server:
        # A batch of one reserves 320 output tokens at 1 each; each answer is billed 10.
        tags = make(server, batch=1, input_price=0.0, output_price=1e6, max_cost=340.0)
        generated = tags.generate([product(number) for number in range(10)])
        assert texts(generated)[:3] == [["buggy 0"], ["buggy 1"], ["buggy 2"]]
        assert len(server.requests) == 3
    assert tags.counts.answered == 3
    assert tags.counts.unanswered == {"language_model_budget": 7}


@pytest.mark.parametrize(
    ("title", "answered", "kept"),
    [
        ("Stroller", [" push   chair ", "Push chair", "", "x" * 61, "line\u0000"], ["push chair"]),
        ("Stroller", ["婴儿车", "buggy"], ["buggy"]),
        ("婴儿推车", ["stroller", "童车"], ["童车"]),
        ("Stroller", [f"name {number}" for number in range(30)], [f"name {n}" for n in range(10)]),
    ],
)
def test_what_cannot_be_a_tag_of_the_product_is_left_out(make, title, answered, kept):
    def by(request):
        tags = [{"text": text, "kind": "use"} for text in answered]
        return Reply(text=json.dumps({"products": [{"number": 1, "tags": tags}]}))

    with CompletionServer(by=by) as server:
        generated = make(server).generate([Product(id="1", title=title)])
    assert texts(generated) == [kept]


def test_what_would_be_sent_is_known_before(make):
    with CompletionServer(by=tag_everything) as server:
        tags = make(server)
        tags.generate([product(0)])
        before = len(server.requests)
        missing = tags.unanswered([product(number) for number in range(5)])
        assert len(server.requests) == before
    assert missing.products == 4  # one is in the cache
    assert len(missing.requests) == 2
    assert missing.likely_output_tokens > 0


def test_the_identity_names_prompt_and_model(make):
    with CompletionServer(by=tag_everything) as server:
        first, same = make(server), make(server)
        other = make(server, temperature=0.7)
    assert first.identity == same.identity
    assert first.identity != other.identity
    assert first.identity.startswith("llm-v1:m1@")
