"""The few questions that the local stack asks its node over HTTP."""

import http.client
from typing import Any

import orjson

from shopkeeper.local_stack.ports import LOOPBACK


def ask_node(port: int, path: str, timeout_seconds: float = 5.0) -> dict[str, Any] | None:
    """Return the node's answer to a GET, or `None` when it gives no answer that can be used.

    The loopback address is asked directly, whatever proxy the environment names.
    """
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=timeout_seconds)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        answer = orjson.loads(response.read())
        is_usable = response.status == http.client.OK and isinstance(answer, dict)
    except (OSError, http.client.HTTPException, ValueError):
        return None
    else:
        return answer if is_usable else None
    finally:
        connection.close()
