"""The root of the tree of errors."""

from typing import ClassVar


class ShopkeeperError(Exception):
    """Root of the tree. `code` is stable and may be matched on by programs."""

    code: ClassVar[str] = "shopkeeper_error"

    def __init__(self, message: str, *, remedy: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message}\n  → {self.remedy}" if self.remedy else self.message
