"""Notes what of an answer was sent, so that an error can still be told, or no more."""

from query_proxy.incoming_request import Message, Send


class WatchedSend:
    """Passes messages on to the server and remembers the status."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status: int | None = None
        """`None`: nothing was sent yet."""

    async def __call__(self, message: Message) -> None:
        """Pass a message on."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
        await self._send(message)
