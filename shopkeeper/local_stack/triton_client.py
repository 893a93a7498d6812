"""The few questions that the local stack asks its Triton over HTTP."""

import http.client
from typing import Any

import orjson

from shopkeeper.local_stack.ports import LOOPBACK

_CANARY_SECONDS = 10.0
_TEXT = "red dress"


def ask_triton(
    port: int,
    path: str,
    body: dict[str, Any] | None = None,
    *,
    timeout_seconds: float = _CANARY_SECONDS,
) -> Any:  # noqa: ANN401 - JSON
    """Return the answer to a GET, or to a POST when there is a body; `None`: none that is of use.

    The loopback address is asked directly, whatever proxy the environment names.
    """
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=timeout_seconds)
    try:
        # An open connection would hold up the server's end by its exit timeout.
        headers = {"Connection": "close"}
        method = "GET" if body is None else "POST"
        content = None if body is None else orjson.dumps(body)
        connection.request(method, path, content, headers)
        response = connection.getresponse()
        answer = response.read()
        if response.status != http.client.OK:
            return None
        return orjson.loads(answer) if answer else {}
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        connection.close()


def loaded_models(port: int) -> tuple[tuple[str, str], ...] | None:
    """Return name and version of every model that is ready; `None`: Triton does not answer."""
    index = ask_triton(port, "/v2/repository/index", {"ready": True})
    if index is None:
        return None
    return tuple((str(each["name"]), str(each.get("version", ""))) for each in index)


def answers(port: int, model: str) -> bool:
    """Tell whether a model computes: one real inference, every input being one short text.

    Triton's own readiness stays well when the process that runs the model has died.
    """
    configuration = ask_triton(port, f"/v2/models/{model}/config")
    if configuration is None:
        return False
    inputs = [
        {"name": each["name"], "datatype": "BYTES", "shape": [1, 1], "data": [_TEXT]}
        for each in configuration["input"]
    ]
    return ask_triton(port, f"/v2/models/{model}/infer", {"inputs": inputs}) is not None
