"""The part of the settings that leaves this machine."""

from search_core.settings import Settings


def sent_settings(settings: Settings) -> Settings:
    """Return what a worker has to know: no key, password or address of a service among it."""
    return Settings(
        encoders=settings.encoders, indexer=settings.indexer, local_stack=settings.local_stack
    )
