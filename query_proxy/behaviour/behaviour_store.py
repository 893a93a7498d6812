"""What keeps searches and events of shoppers, opened and closed together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from privacy import ShopperPrivacy
from query_proxy.behaviour.behaviour_writer import BehaviourWriter, Counted
from query_proxy.behaviour.search_recorder import SearchRecorder
from query_proxy.json_api.event_routes import EventIntake
from search_core.settings import Settings
from search_engine import BehaviourStore, connect_async


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """What searches and events are kept with."""

    privacy: ShopperPrivacy
    recorder: SearchRecorder
    intake: EventIntake


@asynccontextmanager
async def opened_behaviour(settings: Settings, counted: Counted) -> AsyncIterator[Behaviour]:
    """Write in the background while the block runs; at its end what waits is written.

    Args:
        settings: all of them.
        counted: told what became of each record.
    """
    privacy = ShopperPrivacy(settings.privacy)
    events = settings.events
    if not events.enabled:
        yield _behaviour(settings, privacy, None)
        return
    store = BehaviourStore(
        connect_async(settings.search_engine),
        events.queries_index,
        events.events_index,
        events.replicas,
    )
    try:
        writer = BehaviourWriter(store, events, counted)
        async with writer.running():
            yield _behaviour(settings, privacy, writer)
    finally:
        await store.close()


def _behaviour(
    settings: Settings, privacy: ShopperPrivacy, writer: BehaviourWriter | None
) -> Behaviour:
    return Behaviour(
        privacy=privacy,
        recorder=SearchRecorder(writer, privacy),
        intake=EventIntake(writer, privacy, settings.events),
    )
