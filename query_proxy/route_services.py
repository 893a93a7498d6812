"""What the routes of one application answer with.

The functions of routes stand in their modules and find their services by the request. Closing over
them would be shorter, but FastAPI remembers each function that it has ever called: what one closes
over lives as long as the process, however often the settings change.
"""

from collections.abc import Sequence
from typing import TypeVar

from fastapi import FastAPI, Request

_Service = TypeVar("_Service")


class HandedOnHeaders:
    """Which headers of a request go on to OpenSearch with each step of its answer."""

    def __init__(self, names: frozenset[str] = frozenset()) -> None:
        """Keep their names, in lower case."""
        self._names = names

    def of(self, request: Request) -> dict[str, str]:
        """Return those that a request has."""
        return {name: value for name, value in request.headers.items() if name in self._names}


def provide(application: FastAPI, services: Sequence[object]) -> None:
    """Have the routes of an application answer with these, one of each class."""
    application.state.services = {type(each): each for each in services}


def service(request: Request, kind: type[_Service]) -> _Service:
    """Return the service of a class that belongs to the application that was asked."""
    found: dict[type[object], _Service] = request.app.state.services
    return found[kind]


def handed_on(request: Request) -> dict[str, str]:
    """Return the headers of a request that go on to OpenSearch."""
    return service(request, HandedOnHeaders).of(request)
