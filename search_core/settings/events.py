"""What shoppers search and do, as User Behavior Insights keeps it."""

from typing import Annotated

from pydantic import Field

from search_core.settings.section import PositiveInt, Section


class EventSettings(Section):
    """`[events]`: searches and events in OpenSearch's User Behavior Insights indices."""

    enabled: bool = True
    """Keep searches that ask for it (`ext.ubi`, `client_id`, `query_id`) and what is sent to
    `/shop/events`. Off: `ext.ubi` passes through, for a cluster that has the plugin itself, and
    events are refused."""
    queries_index: str = "ubi_queries"
    """Where searches are kept; made when missing. OpenSearch's dashboards expect this name."""
    events_index: str = "ubi_events"
    """Where events are kept; made when missing."""
    replicas: Annotated[int, Field(ge=0)] = 1
    """Copies of each shard of the two indices, when they are made."""
    queue: PositiveInt = 20_000
    """Searches and events of a worker that wait to be written. When it is full, further events are
    answered 429 and further searches are not kept; both are counted. About 1 kB each."""
    batch: PositiveInt = 500
    """Written in one bulk request at most."""
    flush_seconds: Annotated[float, Field(gt=0)] = 1.0
    """Longest wait before what has come in is written. A worker that is killed loses that much."""
    retry_seconds: Annotated[float, Field(gt=0)] = 30.0
    """Longest pause between attempts while OpenSearch does not take them. Attempts go on as long as
    the worker lives: the queue bounds what waits."""
    drain_seconds: Annotated[float, Field(ge=0)] = 5.0
    """Time to write what waits when the worker ends; what is left then is lost, and counted."""
    max_events: PositiveInt = 500
    """Events in one request; more are refused as a whole."""
    max_age_days: PositiveInt = 30
    """Events with an older time are refused: more likely a broken clock than a late report."""
