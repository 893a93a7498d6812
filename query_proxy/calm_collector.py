"""Has Python's cyclic garbage collector run seldom in a process that serves requests."""

import gc

_CONTAINERS = 50_000
"""Containers that come to be before the youngest generation is looked through. A hybrid search
makes some thousand for the legs' candidates, nearly all of them freed without the collector; with
Python's 700 it ran several times a search, a quarter of the processor time (ADR 0035)."""


def calm_collector() -> None:
    """Leave out what is there now, models above all, and collect seldom from now on.

    To be called once all that lives as long as the process is loaded.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_CONTAINERS)
