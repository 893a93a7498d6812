from typing import Any

import pytest
from opensearchpy import OpenSearch
from opensearchpy import exceptions as foreign

from search_core import SearchEngineUnavailableError
from search_engine.load_settings import finish_loading, loading_settings


class Recorder:
    """Stands for the client's `indices` and `tasks`; notes what is asked for, in order."""

    def __init__(self, merge_error: Exception | None, polls: int) -> None:
        self.calls: list[tuple[str, Any]] = []
        self._merge_error = merge_error
        self._polls = polls

    def put_settings(self, index: str, body: dict[str, Any]) -> None:
        self.calls.append(("settings", body["index"]))

    def refresh(self, index: str) -> None:
        self.calls.append(("refresh", None))

    def forcemerge(self, index: str, params: dict[str, Any]) -> None:
        self.calls.append(("merge", params["max_num_segments"]))
        if self._merge_error is not None:
            raise self._merge_error

    def list(self, params: dict[str, Any]) -> dict[str, Any]:
        self._polls -= 1
        running = {"description": "Force-merge indices [products-1]"}
        return {"tasks": [running] if self._polls >= 0 else [{"description": "[products-2]"}]}


class RecordingClient(OpenSearch):
    def __init__(self, merge_error: Exception | None = None, polls: int = 0) -> None:
        super().__init__()
        self.recorder = Recorder(merge_error, polls)
        self.indices = self.tasks = self.recorder

    @property
    def steps(self) -> list[str]:
        return [name for name, _ in self.recorder.calls]


def test_every_setting_of_the_load_is_taken_back() -> None:
    client = RecordingClient()
    finish_loading(client, "products-1", replicas=2)
    written: dict[str, Any] = {}
    for name, value in client.recorder.calls:
        written |= value if name == "settings" else {}
    assert set(written) == set(loading_settings())
    assert written.pop("number_of_replicas") == 2
    assert set(written.values()) == {None}


def test_copies_are_made_after_the_merge() -> None:
    client = RecordingClient()
    finish_loading(client, "products-1", replicas=1, segments=3)
    assert client.steps == ["settings", "refresh", "merge", "settings", "refresh"]
    assert client.recorder.calls[2] == ("merge", 3)
    assert client.recorder.calls[3] == ("settings", {"number_of_replicas": 1})


@pytest.mark.parametrize(
    "error",
    [
        foreign.ConnectionTimeout("TIMEOUT", "read", None),
        foreign.TransportError(504, "gateway", {}),
    ],
)
def test_a_merge_that_outlasts_its_request_is_waited_for(error: Exception) -> None:
    client = RecordingClient(error, polls=3)
    waits: list[float] = []
    finish_loading(client, "products-1", replicas=0, segments=1, wait=waits.append)
    assert waits == [2.0, 2.0, 2.0]
    assert client.steps[-1] == "refresh"


def test_a_merge_that_fails_is_an_error() -> None:
    client = RecordingClient(foreign.TransportError(503, "unavailable", {}))
    with pytest.raises(SearchEngineUnavailableError):
        finish_loading(client, "products-1", replicas=0, segments=1)
