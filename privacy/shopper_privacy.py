"""What of a shopper may be stored or logged."""

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from privacy.personal_data_mask import PersonalDataMask
from privacy.pseudonyms import IdKind, Pseudonyms
from search_core.settings import PrivacySettings

_LONGEST_TEXT = 500
"""Characters of a text that are kept: more is no query, and matching patterns takes time."""
_DEEPEST = 8
_DEEPEST_ID = 1
"""Ids nested deeper are dropped: they would be in no field by which a shopper is found again."""
_IDS = {
    "client_id": IdKind.CLIENT,
    "session_id": IdKind.SESSION,
    "user_id": IdKind.USER,
    "customer_id": IdKind.USER,
    "account_id": IdKind.USER,
}
_NEVER_KEPT = frozenset({"ip", "ip_address", "remote_addr", "x_forwarded_for", "email", "phone"})
_CODES = frozenset({"object_id", "internal_id", "query_id", "object_id_field"})
"""Ids of things, not of people: kept as they are, or they would name nothing."""


class ShopperPrivacy:
    """Pseudonyms for ids and masks for words, as `[privacy]` says."""

    def __init__(self, settings: PrivacySettings) -> None:
        self.pseudonyms = Pseudonyms(
            {name: key.get_secret_value() for name, key in settings.pseudonym_keys.items()}
        )
        self._mask = PersonalDataMask(settings.phone_regions) if settings.mask else None

    def text(self, text: str) -> str:
        """Return what may be kept of a text by a shopper."""
        cut = text[:_LONGEST_TEXT]
        return cut if self._mask is None else self._mask.masked(cut)

    def id(self, value: str | None, kind: IdKind) -> str | None:
        """Return what may be kept of an id; `None`: nothing."""
        return None if value is None else self.pseudonyms.of(value, kind)

    def attributes(self, attributes: Mapping[str, Any]) -> dict[str, Any]:
        """Return what may be kept of attributes that an application adds freely.

        Ids of shoppers under the usual names become pseudonyms, addresses of their devices are left
        out, other texts are masked. Ids of products stay.
        """
        kept = self._kept(dict(attributes), 0)
        return kept if isinstance(kept, dict) else {}

    def query_hash(self, text: str) -> str:
        """Return what tells equal queries in a log without telling what they are.

        Keyed where there is a key: without one, whoever guesses the query can check the guess.
        """
        keyed = self.pseudonyms.of(text, IdKind.USER)
        if keyed is not None:
            return keyed.rpartition(".")[2][:12]
        return blake2b(text.encode(errors="replace"), digest_size=6).hexdigest()

    def _kept(self, value: object, depth: int) -> Any:  # noqa: ANN401 - JSON
        if isinstance(value, str):
            return self.text(value)
        if depth >= _DEEPEST:
            return None
        if isinstance(value, list):
            return [self._kept(each, depth + 1) for each in value]
        if isinstance(value, dict):
            return {
                _kept_name(str(name)): kept
                for name, each in value.items()
                if (kept := self._member(str(name), each, depth)) is not None
            }
        return value

    def _member(self, name: str, value: object, depth: int) -> Any:  # noqa: ANN401 - JSON
        folded = _folded(name)
        if folded in _NEVER_KEPT:
            return None
        if folded in _IDS:
            return self.id(str(value), _IDS[folded]) if depth <= _DEEPEST_ID else None
        if folded in _CODES and isinstance(value, str):
            return value
        return self._kept(value, depth + 1)


def _folded(name: str) -> str:
    return name.casefold().replace("-", "_")


def _kept_name(name: str) -> str:
    """Return the name of the field by which an id is found again; other names stay."""
    return _folded(name) if _folded(name) in _IDS else name
