"""JSON for the clients, by orjson: several times as fast as the client's own, both ways."""

from typing import Any

import orjson
from opensearchpy.exceptions import SerializationError
from opensearchpy.serializer import Serializer

_OPTIONS = orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS


class OrjsonSerializer(Serializer):
    """Reads and writes bodies; numpy rows are written as lists."""

    mimetype = "application/json"

    def loads(self, s: str | bytes) -> Any:  # noqa: ANN401 - JSON
        """Parse an answer.

        Raises:
            SerializationError: it is no JSON; the client turns this into its own error.
        """
        try:
            return orjson.loads(s)
        except orjson.JSONDecodeError as error:
            raise SerializationError(s, error) from error

    def dumps(self, data: Any) -> str:  # noqa: ANN401 - JSON
        """Write a body. Text passes as it is: it is JSON already."""
        if isinstance(data, str):
            return data
        if isinstance(data, bytes):
            return data.decode()
        return dumped(data).decode()


def dumped(data: Any) -> bytes:  # noqa: ANN401 - JSON
    """Write a body as bytes."""
    return orjson.dumps(data, option=_OPTIONS, default=str)
