"""What can go wrong when a shop asks the proxy."""

from typing import Any


class ShopError(Exception):
    """The proxy answered with an error."""

    def __init__(self, status: int, code: str, reason: str, remedy: str | None) -> None:
        """Keep what the proxy told.

        Args:
            status: of HTTP.
            code: stable, to be matched on: docs/errors.md lists them.
            reason: what happened.
            remedy: what to do about it; `None`: it is not known.
        """
        super().__init__(f"{reason} ({remedy})" if remedy else reason)
        self.status = status
        self.code = code
        self.reason = reason
        self.remedy = remedy

    @classmethod
    def of(cls, status: int, body: Any) -> "ShopError":  # noqa: ANN401 - JSON
        """Read an answer that is no success.

        Args:
            status: of HTTP.
            body: parsed JSON, or `None` when it is none: something else than the proxy answered.
        """
        told = body.get("error") if isinstance(body, dict) else None
        if not isinstance(told, dict):
            return cls(status, "no_shop_error", f"the address answered {status}", None)
        return cls(
            status, str(told.get("type")), str(told.get("reason")), told.get("remedy") or None
        )

    @property
    def may_be_repeated(self) -> bool:
        """Whether the same request may work a little later."""
        return self.status in (429, 502, 503, 504)


class ShopUnreachableError(Exception):
    """There was no answer: no connection, or not in time."""
