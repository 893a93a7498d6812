"""Index settings for the time of a bulk load, and what is done when it ends.

While documents are written nobody searches the generation, so that OpenSearch need not make them
searchable every second, copy them, or wait for the disk at each request. Afterwards the settings
for serving come back.
"""

import logging
import time
from collections.abc import Callable
from typing import Any

from opensearchpy import OpenSearch
from opensearchpy import exceptions as foreign

from search_engine.connection import translated_errors

_logger = logging.getLogger(__name__)

SYNC_INTERVAL_SECONDS = 5
"""How often the log of writes reaches the disk during a load: a node that is killed loses at most
the writes of that time, which the checkpoints of a run allow for."""

_GATEWAY_TIMEOUT = 504
_POLL_SECONDS = 2.0


def loading_settings() -> dict[str, Any]:
    """Return the settings below `index` for the time of a load."""
    return {
        "refresh_interval": "-1",
        "number_of_replicas": 0,
        "translog.durability": "async",
        "translog.sync_interval": f"{SYNC_INTERVAL_SECONDS}s",
        # Fewer commits, so fewer small segments to merge.
        "translog.flush_threshold_size": "1gb",
    }


def resume_loading(client: OpenSearch, index: str) -> None:
    """Bring the settings of a load back to a generation that is written on."""
    with translated_errors():
        client.indices.put_settings(index=index, body={"index": loading_settings()})


def make_durable(client: OpenSearch, index: str) -> None:
    """Wait until everything written so far is on the disk."""
    with translated_errors():
        client.indices.flush(index=index)


def make_searchable(client: OpenSearch, index: str) -> None:
    """Have searches and counts see everything written so far."""
    with translated_errors():
        client.indices.refresh(index=index)


def finish_loading(
    client: OpenSearch,
    index: str,
    *,
    replicas: int,
    segments: int | None = None,
    wait: Callable[[float], None] = time.sleep,
) -> None:
    """Bring the settings for serving back, and make everything searchable.

    Copies are made last, so that they receive merged segments.

    Args:
        client: connection to OpenSearch.
        index: the generation.
        replicas: copies of each shard.
        segments: merge each shard into so many; `None` leaves merging to OpenSearch.
        wait: passes seconds between looks at a merge that outlasts its request.

    Raises:
        SearchEngineError: OpenSearch does not answer as it should.
    """
    restored = {
        "refresh_interval": None,
        "translog.durability": None,
        "translog.sync_interval": None,
        "translog.flush_threshold_size": None,
    }
    with translated_errors():
        client.indices.put_settings(index=index, body={"index": restored})
        client.indices.refresh(index=index)
        if segments is not None:
            _merge(client, index, segments, wait)
        client.indices.put_settings(index=index, body={"index": {"number_of_replicas": replicas}})
        client.indices.refresh(index=index)


def _merge(client: OpenSearch, index: str, segments: int, wait: Callable[[float], None]) -> None:
    try:
        client.indices.forcemerge(index=index, params={"max_num_segments": segments})
    except foreign.TransportError as error:
        if not _gave_up_waiting(error):
            raise
        # The merge goes on without its request. Only its tasks tell when it is done.
        while _is_merging(client, index):
            _logger.info("merging index=%s", index)
            wait(_POLL_SECONDS)


def _gave_up_waiting(error: foreign.TransportError) -> bool:
    return isinstance(error, foreign.ConnectionTimeout) or error.status_code == _GATEWAY_TIMEOUT


def _is_merging(client: OpenSearch, index: str) -> bool:
    tasks = client.tasks.list(
        params={"actions": "indices:admin/forcemerge", "detailed": "true", "group_by": "none"}
    )
    return any(index in task.get("description", "") for task in tasks["tasks"])
