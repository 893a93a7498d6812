"""Ids of shoppers as keyed pseudonyms."""

import base64
import hmac
from collections.abc import Mapping
from enum import StrEnum
from hashlib import sha256

_BYTES = 16
"""128 bits: no two shoppers share a pseudonym, and it fits the 100 characters of UBI's ids."""
_PREFIX = "p"


class IdKind(StrEnum):
    """What an id names. The same text as another kind has another pseudonym."""

    CLIENT = "client"
    """A browser, device or account: UBI's `client_id`."""
    SESSION = "session"
    USER = "user"


class Pseudonyms:
    """Turns ids into pseudonyms that only a holder of the key can tie to them.

    HMAC-SHA-256 under a secret key, cut to 128 bits. Unlike a plain hash it cannot be undone by
    hashing every customer number there is. Whoever has the key can still find a shopper's records,
    to show or delete them: these are pseudonyms in the sense of the GDPR, not anonymous data.

    Source: RFC 2104; ENISA 2019, "Pseudonymisation techniques and best practices".
    """

    def __init__(self, keys: Mapping[str, str]) -> None:
        """Take the keys.

        Args:
            keys: id → secret. The id that sorts last makes new pseudonyms. None at all: ids have no
                pseudonyms.
        """
        self._keys = {name: keys[name].encode() for name in sorted(keys, reverse=True)}

    @property
    def available(self) -> bool:
        """Whether there is a key."""
        return bool(self._keys)

    def of(self, value: str, kind: IdKind = IdKind.CLIENT) -> str | None:
        """Return the pseudonym of an id, `p.<key id>.<22 characters>`.

        Returns:
            `None` without a key, or for an empty id: what cannot be protected is not kept.
        """
        return next(iter(self.all_of(value, kind)), None)

    def all_of(self, value: str, kind: IdKind = IdKind.CLIENT) -> tuple[str, ...]:
        """Return the pseudonyms of an id under every key, newest first.

        For finding what is stored of a shopper, whenever it was written.
        """
        if not value:
            return ()
        return tuple(_made(name, key, value, kind) for name, key in self._keys.items())

    def matches(self, pseudonym: str, value: str, kind: IdKind = IdKind.CLIENT) -> bool:
        """Say whether a pseudonym, of any of the keys, is that of an id."""
        return any(
            hmac.compare_digest(each.encode(), pseudonym.encode())
            for each in self.all_of(value, kind)
        )


def _made(name: str, key: bytes, value: str, kind: IdKind) -> str:
    # The kind's length is part of what is signed, so that no two inputs run together.
    message = f"{len(kind)}:{kind}:{value}".encode("utf-8", "surrogatepass")
    digest = hmac.new(key, message, sha256).digest()[:_BYTES]
    return f"{_PREFIX}.{name}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"
