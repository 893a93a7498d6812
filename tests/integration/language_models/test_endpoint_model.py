import asyncio
import json
import logging
import socket
import threading
import time

import pytest
from pydantic import BaseModel, SecretStr

from language_models import AnswerCache, EndpointModel
from language_models.testing import CompletionServer, Reply
from search_core import (
    LanguageModelAccessError,
    LanguageModelAnswerError,
    LanguageModelBudgetError,
    LanguageModelOverloadedError,
    LanguageModelRequestError,
    LanguageModelTimeoutError,
    LanguageModelUnavailableError,
    ModelRequest,
)
from search_core.settings import AnswerFormat, LlmSettings, OutputLimitName


class Colours(BaseModel):
    names: list[str]


FITS = '{"names": ["red", "blue"]}'


def colours(content="a red and blue dress", **changes):
    return ModelRequest(
        task="colours",
        instructions="Name the colours.",
        content=content,
        answer=Colours,
        **{"max_output_tokens": 50, **changes},
    )


def wait_until(happened):
    until = time.monotonic() + 10
    while not happened():
        assert time.monotonic() < until
        time.sleep(0.01)


@pytest.fixture
def ask(tmp_path):
    """Makes models on one cache folder, and closes them."""
    models = []

    def make(server, **settings):
        chosen = LlmSettings(base_url=server.base_url, model="m1", **settings)
        cache = AnswerCache(tmp_path / "answers", chosen.cache_max_bytes)
        models.append(EndpointModel(chosen, cache))
        return models[-1]

    yield make
    for model in models:
        model.close()


def test_an_answer_that_fits_is_returned_in_its_form(ask):
    with CompletionServer(Reply(text=FITS)) as server:
        model = ask(server, api_key=SecretStr("k-123"), seed=7)
        assert model.answer_now(colours()) == Colours(names=["red", "blue"])
    (request,) = server.requests
    assert request.headers["Authorization"] == "Bearer k-123"
    assert request.texts == ["Name the colours.", "a red and blue dress"]
    assert request.body["model"] == "m1"
    assert request.body["max_tokens"] == 50
    assert (request.body["temperature"], request.body["seed"]) == (0.0, 7)
    form = request.body["response_format"]
    assert form["type"] == "json_schema"
    assert form["json_schema"]["schema"] == Colours.model_json_schema()


def test_an_endpoint_with_other_habits_is_asked_in_its_way(ask):
    with CompletionServer(Reply(text=FITS)) as server:
        model = ask(
            server,
            send_sampling=False,
            answer_format=AnswerFormat.JSON_OBJECT,
            output_limit_name=OutputLimitName.MAX_COMPLETION_TOKENS,
        )
        model.answer_now(colours())
    body = server.requests[0].body
    assert body["max_completion_tokens"] == 50
    assert not {"temperature", "seed", "max_tokens"} & set(body)
    assert body["response_format"] == {"type": "json_object"}
    assert '"names"' in server.requests[0].texts[0]  # the schema stands in the prompt


@pytest.mark.parametrize(
    "text",
    [
        f"```json\n{FITS}\n```",
        f"Sure! Here are the colours:\n{FITS}\nAnything else?",
        f"当然可以：{FITS}",
    ],
)
def test_json_is_found_in_whatever_stands_around_it(ask, text):
    with CompletionServer(Reply(text=text)) as server:
        assert ask(server).answer_now(colours()).names == ["red", "blue"]
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("I am sorry, I cannot do that.", "it is no JSON"),
        ("对不起，我做不到。", "it is no JSON"),
        ('{"names": ["red", "bl', "it is no JSON"),
        ('{"colours": ["red"]}', "names: Field required"),
        ('{"names": "red"}', "names: Input should be a valid list"),
        ("[1, 2]", "does not fit the schema"),
        ("", "it is no JSON"),
    ],
)
def test_an_answer_that_does_not_fit_is_asked_for_once_more(ask, text, complaint):
    with CompletionServer(Reply(text=text), Reply(text=FITS)) as server:
        model = ask(server)
        assert model.answer_now(colours()).names == ["red", "blue"]
    first, second = server.requests
    assert second.texts[:2] == first.texts
    assert second.texts[2] == text
    assert complaint in second.texts[3]
    assert "JSON schema" in second.texts[3]
    assert model.use.counts.repaired == 1


def test_an_answer_that_was_cut_off_is_asked_for_in_shorter_form(ask):
    replies = (Reply(text='{"names": ["re', finish_reason="length"), Reply(text=FITS))
    with CompletionServer(*replies) as server:
        assert ask(server).answer_now(colours()).names == ["red", "blue"]
    assert "be shorter" in server.requests[1].texts[3]


def test_two_answers_that_do_not_fit_are_an_error_that_quotes_neither(ask):
    with (
        CompletionServer(Reply(text='{"secret words": 1}')) as server,
        pytest.raises(LanguageModelAnswerError) as caught,
    ):
        ask(server).answer_now(colours())
    assert len(server.requests) == 2
    assert "secret words" not in str(caught.value)


@pytest.mark.parametrize("status", [500, 502, 503, 429, 408])
def test_a_failure_that_passes_is_tried_again(ask, status):
    replies = (Reply(status=status, body='{"error": {"message": "busy"}}'), Reply(text=FITS))
    with CompletionServer(*replies) as server:
        assert ask(server).answer_now(colours()).names == ["red", "blue"]
    assert len(server.requests) == 2


def test_a_connection_that_breaks_is_tried_again(ask):
    with CompletionServer(Reply(reset=True), Reply(text=FITS)) as server:
        assert ask(server).answer_now(colours()).names == ["red", "blue"]
    assert len(server.requests) == 2


def test_the_pause_that_the_endpoint_asks_for_is_kept(ask):
    busy = Reply(status=429, body="{}", headers={"Retry-After": "1"})
    with CompletionServer(busy, Reply(text=FITS)) as server:
        began = time.monotonic()
        ask(server).answer_now(colours())
        assert time.monotonic() - began >= 1.0


def test_an_endpoint_that_asks_for_a_pause_of_an_hour_is_not_waited_for(ask):
    busy = Reply(
        status=429,
        body='{"error": {"message": "daily quota"}}',
        headers={"Retry-After": "3600"},
    )
    with (
        CompletionServer(busy) as server,
        pytest.raises(LanguageModelOverloadedError, match="daily quota"),
    ):
        ask(server).answer_now(colours())
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply(status=429, body="{}", headers={"Retry-After": "0"}), LanguageModelOverloadedError),
        (
            Reply(status=500, body="oops", headers={"Retry-After": "0"}),
            LanguageModelUnavailableError,
        ),
    ],
)
def test_retries_end(ask, reply, error):
    with CompletionServer(reply) as server, pytest.raises(error):
        ask(server, retries=2).answer_now(colours())
    assert len(server.requests) == 3


@pytest.mark.parametrize("body", ["<html>hello</html>", '{"answer": 42}', "[]", "{}", "null"])
def test_a_server_of_another_kind_is_named_as_such(ask, body):
    with (
        CompletionServer(Reply(body=body)) as server,
        pytest.raises(LanguageModelUnavailableError, match="OpenAI-compatible"),
    ):
        ask(server, retries=0).answer_now(colours())


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (401, LanguageModelAccessError),
        (403, LanguageModelAccessError),
        (404, LanguageModelRequestError),
        (400, LanguageModelRequestError),
    ],
)
def test_what_is_refused_for_good_is_not_tried_again(ask, status, error):
    reply = Reply(status=status, body='{"error": {"message": "no model m1"}}')
    with CompletionServer(reply) as server, pytest.raises(error, match="no model m1"):
        ask(server).answer_now(colours())
    assert len(server.requests) == 1


def test_nobody_listening_is_an_error_that_names_the_address(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
    settings = LlmSettings(base_url=address, model="m1", retries=0)
    with (
        EndpointModel(settings, AnswerCache(tmp_path, 0)) as model,
        pytest.raises(LanguageModelUnavailableError, match=address),
    ):
        model.answer_now(colours())
    assert model.use.tokens.input_tokens == 0  # never sent, so never billed


def test_a_slow_endpoint_is_given_up_after_its_time(ask):
    with (
        CompletionServer(Reply(text=FITS, delay_seconds=30)) as server,
        pytest.raises(LanguageModelTimeoutError, match=r"within 0\.1 s"),
    ):
        ask(server, timeout_seconds=0.1, retries=0).answer_now(colours())


async def test_a_deadline_counts_for_waiting_and_retries_together(ask):
    busy = Reply(status=503, body="{}", headers={"Retry-After": "20"})
    with CompletionServer(busy) as server:
        began = time.monotonic()
        with pytest.raises(LanguageModelTimeoutError):
            await ask(server).answer(colours(), timeout_seconds=0.2)
        assert time.monotonic() - began < 5


async def test_a_caller_that_goes_away_frees_its_permit(ask):
    replies = (Reply(text=FITS, delay_seconds=30), Reply(text=FITS))
    with CompletionServer(*replies) as server:
        model = ask(server, concurrent_requests=1)
        first = asyncio.create_task(model.answer(colours("first")))
        await asyncio.to_thread(wait_until, lambda: server.requests)
        first.cancel()
        assert (await model.answer(colours("second"), timeout_seconds=10)).names
    assert len(server.requests) == 2


def test_the_same_question_is_paid_for_once(ask):
    with CompletionServer(Reply(text=FITS)) as server:
        first = ask(server)
        assert first.remembered(colours()) is None
        first.answer_now(colours())
        second = ask(server)  # another process would see the same file
        assert second.remembered(colours()) == Colours(names=["red", "blue"])
        second.answer_now(colours())
        assert len(server.requests) == 1
        assert second.use.counts.remembered == 1
        assert second.use.tokens.output_tokens == 0


@pytest.mark.parametrize(
    "other",
    [
        {"content": "a green dress"},
        {"instructions": "Name the colours in German."},
        {"max_output_tokens": 60},
        {"remember": False},
    ],
)
def test_another_question_is_asked_anew(ask, other):
    with CompletionServer(Reply(text=FITS)) as server:
        model = ask(server)
        model.answer_now(colours())
        request = ModelRequest(
            **{
                "task": "colours",
                "instructions": "Name the colours.",
                "content": "a red and blue dress",
                "answer": Colours,
                "max_output_tokens": 50,
                **other,
            }
        )
        model.answer_now(request)
        assert len(server.requests) == 2


def test_no_more_requests_than_allowed_are_under_way(ask):
    with CompletionServer(Reply(text=FITS, delay_seconds=0.05)) as server:
        model = ask(server, concurrent_requests=3)
        answers = model.answer_all([colours(f"dress {i}") for i in range(12)])
        assert answers == [Colours(names=["red", "blue"])] * 12
        assert server.most_at_once == 3


def test_requests_are_spread_over_the_minute(ask):
    with CompletionServer(Reply(text=FITS)) as server:
        model = ask(server, requests_per_minute=600)
        began = time.monotonic()
        model.answer_all([colours(f"dress {i}") for i in range(6)])
        assert time.monotonic() - began >= 0.5  # 5 pauses of a tenth of a second


def test_one_that_fails_takes_none_of_the_others_with_it(ask):
    def by(request):
        return Reply(text="no" if "broken" in request.texts[1] else FITS)

    with CompletionServer(by=by) as server:
        answers = ask(server).answer_all([colours("a"), colours("broken"), colours("c")])
    assert [type(answer) for answer in answers] == [Colours, LanguageModelAnswerError, Colours]


def test_the_cost_is_the_tokens_that_the_endpoint_reports(ask):
    with CompletionServer(Reply(text=FITS, usage=(1_000, 200))) as server:
        model = ask(server, input_price=2.0, output_price=10.0)
        model.answer_now(colours())
    assert model.use.cost == pytest.approx((1_000 * 2.0 + 200 * 10.0) / 1e6)


def test_tokens_that_are_not_reported_are_counted_upwards(ask):
    with CompletionServer(Reply(text=FITS, usage=None)) as server:
        model = ask(server, input_price=1.0, output_price=1.0)
        model.answer_now(colours())
    # A token a byte and 8 a message, for what was sent, the schema among it, and for the answer.
    schema = json.dumps(Colours.model_json_schema(), sort_keys=True)
    sent = len("Name the colours.") + len("a red and blue dress") + len(schema) + 3 * 8
    assert model.use.tokens.input_tokens == sent
    assert model.use.tokens.output_tokens == len(FITS) + 8


def test_the_cost_limit_holds_whatever_is_under_way(ask):
    def by(request):
        # Every try costs all that it may: the longest answer.
        return Reply(text=FITS, usage=(100, 50), delay_seconds=0.02)

    with CompletionServer(by=by) as server:
        model = ask(
            server, input_price=0.0, output_price=1_000_000.0, max_cost=200.0, concurrent_requests=8
        )
        answers = model.answer_all([colours(f"dress {i}") for i in range(20)])
    # 50 tokens at 1 each: 4 fit into 200 exactly.
    assert len(server.requests) == 4
    assert model.use.cost == pytest.approx(200.0)
    refused = [answer for answer in answers if isinstance(answer, LanguageModelBudgetError)]
    assert len(refused) == 16


def test_what_is_reserved_and_not_used_serves_the_next(ask):
    with CompletionServer(Reply(text=FITS, usage=(0, 10), delay_seconds=0.02)) as server:
        model = ask(
            server, input_price=0.0, output_price=1_000_000.0, max_cost=100.0, concurrent_requests=8
        )
        answers = model.answer_all([colours(f"dress {i}") for i in range(20)])
    # 50 are reserved and 10 used: the sixth finds 50 left, the seventh 40.
    assert sum(isinstance(answer, Colours) for answer in answers) == 6
    assert model.use.cost == pytest.approx(60.0)


def test_a_try_whose_answer_never_came_is_charged(ask):
    with CompletionServer(Reply(text=FITS, delay_seconds=30)) as server:
        model = ask(
            server,
            timeout_seconds=0.1,
            retries=0,
            input_price=0.0,
            output_price=1_000_000.0,
            max_cost=60.0,
        )
        with pytest.raises(LanguageModelTimeoutError):
            model.answer_now(colours())
        assert model.use.cost == pytest.approx(50.0)
        with pytest.raises(LanguageModelBudgetError, match=r"llm\.max_cost"):
            model.answer_now(colours())
        assert len(server.requests) == 1


def test_what_is_answered_later_is_remembered_for_the_next_search(ask):
    with CompletionServer(Reply(text=FITS, delay_seconds=0.05)) as server:
        model = ask(server, background_requests=2)
        assert model.answer_later(colours("one"))
        assert not model.answer_later(colours("one"))  # under way already
        assert model.answer_later(colours("two"))
        assert not model.answer_later(colours("three"))  # too many wait
        wait_until(lambda: model.remembered(colours("one")) is not None)
        assert model.remembered(colours("one")) == Colours(names=["red", "blue"])


def test_threads_and_event_loops_share_one_model(ask):
    with CompletionServer(Reply(text=FITS, delay_seconds=0.02)) as server:
        model = ask(server, concurrent_requests=2)
        got = []
        threads = [
            threading.Thread(target=lambda i=i: got.append(model.answer_now(colours(f"t{i}"))))
            for i in range(4)
        ]
        loops = [
            threading.Thread(
                target=lambda i=i: got.append(asyncio.run(model.answer(colours(f"l{i}"))))
            )
            for i in range(4)
        ]
        for thread in (*threads, *loops):
            thread.start()
        for thread in (*threads, *loops):
            thread.join()
        assert got == [Colours(names=["red", "blue"])] * 8
        assert server.most_at_once == 2


def test_no_text_stands_in_logs(ask, caplog):
    caplog.set_level(logging.DEBUG)
    replies = (Reply(text="zzanswerzz"), Reply(status=500, body="zzbodyzz"), Reply(text=FITS))
    with CompletionServer(*replies) as server:
        ask(server).answer_now(colours("zzcontentzz"))
    assert len(server.requests) == 3
    for text in ("zzanswerzz", "zzbodyzz", "zzcontentzz"):
        assert text not in caplog.text


def test_a_model_can_be_closed_while_requests_are_under_way(ask):
    with CompletionServer(Reply(text=FITS, delay_seconds=30)) as server:
        model = ask(server)
        model.answer_later(colours())
        wait_until(lambda: server.requests)
        began = time.monotonic()
        model.close()
        assert time.monotonic() - began < 5
