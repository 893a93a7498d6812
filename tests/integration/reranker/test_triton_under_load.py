"""Killed, full, reloaded: whatever happens to a real Triton, no search fails and it comes back."""

import asyncio
import itertools

import pytest

from reranker import NotReranked, Reranked
from search_core import RerankerModelError

PASSAGES = ["red summer dress", "toner black", "dress", "red", ""]
SCORES = (3.5, -4.0, 2.0, 1.0, -20.0)


class Load:
    """Clients that rerank without a pause until they are told to stop."""

    def __init__(self, reranker, clients=4):
        self.reranker = reranker
        self.outcomes = []
        self._numbers = itertools.count()
        self._going = True
        self._tasks = [asyncio.create_task(self._client()) for _ in range(clients)]

    async def _client(self):
        while self._going:
            query = f"red dress {next(self._numbers)}"  # never from the cache
            self.outcomes.append(
                await self.reranker.rerank(query, PASSAGES, language="en", timeout_seconds=5.0)
            )
            await asyncio.sleep(0.01)

    async def stop(self):
        """Return every outcome; a client that raised fails the test."""
        self._going = False
        await asyncio.gather(*self._tasks)
        await self.reranker.close()
        return self.outcomes

    def since(self, place, kind):
        return sum(isinstance(outcome, kind) for outcome in self.outcomes[place:])


def assert_scored_or_degraded(outcomes):
    for outcome in outcomes:
        if isinstance(outcome, Reranked):
            assert outcome.scores == pytest.approx(SCORES)
        else:
            assert outcome.degraded
            assert outcome.reason


async def test_a_killed_model_degrades_and_comes_back_without_a_restart(triton, until):
    load = Load(triton.reranker(failures_to_open=2, cool_down_ms=300))
    await until(lambda: load.since(0, Reranked) > 20)
    (stub,) = triton.stubs()
    stub.kill()
    killed = len(load.outcomes)
    await until(lambda: load.since(killed, NotReranked) > 5)
    degraded = len(load.outcomes)
    await until(lambda: load.since(degraded, Reranked) > 20)
    assert_scored_or_degraded(await load.stop())


async def test_a_killed_server_degrades_and_is_found_again_once_it_is_started(triton, until):
    load = Load(triton.reranker(failures_to_open=2, cool_down_ms=300))
    await until(lambda: load.since(0, Reranked) > 20)
    first = triton.status
    (stub,) = triton.stubs()
    import psutil

    psutil.Process(first.pid).kill()
    killed = len(load.outcomes)
    await until(lambda: load.since(killed, NotReranked) > 5)

    again = await asyncio.to_thread(triton.start)
    assert (again.pid, again.url) != (first.pid, "")
    assert again.url == first.url
    assert not stub.is_running() or stub.status() == psutil.STATUS_ZOMBIE
    started = len(load.outcomes)
    await until(lambda: load.since(started, Reranked) > 20)
    assert_scored_or_degraded(await load.stop())


async def test_publishing_and_rolling_back_fail_no_request(triton, until):
    load = Load(triton.reranker())
    await until(lambda: load.since(0, Reranked) > 20)
    published = await asyncio.to_thread(triton.publish, "again", languages=["en"])
    assert published.version == 2
    place = len(load.outcomes)
    await until(lambda: load.since(place, Reranked) > 20)
    from reranker import connect_model_server

    server = connect_model_server(triton.status.url)
    back = await asyncio.to_thread(triton.repository.roll_back, "cross_encoder", server)
    assert back.version == 1
    place = len(load.outcomes)
    await until(lambda: load.since(place, Reranked) > 20)
    outcomes = await load.stop()
    assert not any(isinstance(each, NotReranked) for each in outcomes)
    assert {each.model_id.split("@")[0] for each in outcomes} == {"words", "again"}
    assert_scored_or_degraded(outcomes)


async def test_a_version_that_triton_cannot_load_is_refused_and_the_old_one_serves(triton, until):
    load = Load(triton.reranker())
    await until(lambda: load.since(0, Reranked) > 5)
    model = triton.repository.folder / "cross_encoder"
    code = (model / "1" / "model.py").read_text()

    from reranker.model_repository import ModelRepository

    templates = triton.models / "templates"
    (templates / "cross_encoder" / "1").mkdir(parents=True)
    (templates / "cross_encoder" / "config.pbtxt").write_text("")
    (templates / "cross_encoder" / "1" / "model.py").write_text(f"raise SystemError\n{code}")
    broken = ModelRepository(triton.repository.folder, templates)
    from reranker import connect_model_server, publish_cross_encoder

    with pytest.raises(RerankerModelError, match="Triton refuses version 2"):
        await asyncio.to_thread(
            publish_cross_encoder,
            triton.models / "words",
            broken,
            connect_model_server(triton.status.url),
        )
    assert triton.repository.versions("cross_encoder") == (1,)
    place = len(load.outcomes)
    await until(lambda: load.since(place, Reranked) > 20)
    assert not any(isinstance(each, NotReranked) for each in await load.stop())


async def test_a_full_queue_refuses_at_once_and_says_so(triton):
    reranker = triton.reranker(failures_to_open=1_000)
    large = ["red dress " * 120] * 200
    outcomes = await asyncio.gather(
        *(
            reranker.rerank(
                f"red {n}",
                [f"{text} {m}" for m, text in enumerate(large)],
                language="en",
                timeout_seconds=30.0,
            )
            for n in range(60)
        )
    )
    await reranker.close()
    refused = [each for each in outcomes if isinstance(each, NotReranked)]
    assert refused
    assert any(each.overloaded for each in refused)
    assert all(each.degraded for each in refused)
    assert any(isinstance(each, Reranked) for each in outcomes)


async def test_a_request_that_is_late_is_degraded_and_the_next_one_is_scored(triton):
    reranker = triton.reranker(failures_to_open=1_000)
    large = [f"red dress {'summer ' * 200} {n}" for n in range(1_000)]
    late = await reranker.rerank("red", large, language="en", timeout_seconds=0.02)
    assert isinstance(late, NotReranked)
    assert late.degraded
    scored = await reranker.rerank("red", ["red"], language="en", timeout_seconds=20.0)
    assert scored.scores == (1.0,)
    await reranker.close()


async def test_a_thousand_candidates_and_ten_thousand_characters_are_scored(triton):
    reranker = triton.reranker()
    passages = [f"red {n}" for n in range(999)] + ["dress " * 1_700]
    outcome = await reranker.rerank("red", passages, language="en", timeout_seconds=60.0)
    assert outcome.scores[:999] == (1.0,) * 999
    assert outcome.scores[999] > 100
    await reranker.close()
