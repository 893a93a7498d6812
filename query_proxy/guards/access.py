"""Who calls, and whether the caller may do what the request asks for."""

import base64
import binascii
import hmac
from dataclasses import dataclass
from fnmatch import fnmatchcase

from query_proxy.guards.request_target import RequestKind, RequestTarget, index_names
from query_proxy.incoming_request import IncomingRequest
from search_core import ForbiddenError, UnauthenticatedError
from search_core.settings import CallerSettings, QueryProxySettings, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who sent a request."""

    name: str | None
    """`None`: nobody in particular, since no callers are configured."""
    roles: frozenset[Role]

    def may(self, role: Role) -> bool:
        """Say whether the caller has a role; an admin has each."""
        return role in self.roles or Role.ADMIN in self.roles


# Their handlers look at the indices that their bodies name: header lines, or a point in time.
_NAMED_IN_BODIES = frozenset(
    {RequestKind.SEARCH, RequestKind.MULTI_SEARCH, RequestKind.MULTI_TEMPLATE}
)

_ANYBODY = Caller(name=None, roles=frozenset(Role))


class Access:
    """Tells callers by their key or password, and requests that are open to them."""

    def __init__(self, settings: QueryProxySettings) -> None:
        self._settings = settings
        self._open = (*settings.indices, *settings.open_indices)

    @property
    def is_guarded(self) -> bool:
        """Whether there are callers to tell apart."""
        return bool(self._settings.callers)

    def caller(self, request: IncomingRequest) -> Caller:
        """Tell who sent a request.

        Raises:
            UnauthenticatedError: no key or password, or none that is known.
        """
        if not self.is_guarded:
            return _ANYBODY
        name = self._named_by(request)
        if name is None:
            raise UnauthenticatedError(
                "no valid key or password",
                remedy="send `X-Api-Key: …`, `Authorization: ApiKey …` (or `Bearer …`), or a name "
                "and password (`Authorization: Basic …`)",
            )
        return Caller(name=name, roles=frozenset(self._settings.callers[name].roles))

    def require(self, caller: Caller, role: Role) -> None:
        """Refuse what the caller has no role for.

        Raises:
            ForbiddenError: it has none.
        """
        if not caller.may(role):
            raise ForbiddenError(
                f"{caller.name} has not the role {role}",
                remedy=f"query_proxy.callers.{caller.name}.roles gives it",
            )

    def check(self, caller: Caller, target: RequestTarget, request: IncomingRequest) -> None:
        """Refuse a request to OpenSearch that is not open to its caller.

        Raises:
            ForbiddenError: it is not.
        """
        if target.kind is RequestKind.GREETING:
            return
        if target.kind is RequestKind.ADMIN:
            if not self._settings.allow_admin:
                raise ForbiddenError(
                    f"{request.method} of this path is no search",
                    remedy="query_proxy.allow_admin lets such requests through",
                )
            self.require(caller, Role.ADMIN)
            return
        self.require(caller, Role.SEARCH)
        if target.kind is RequestKind.CURSOR:
            return  # its id comes from a search that was open
        named = (*target.indices, *index_names(request.parameters.get("index", "")))
        if named or target.kind not in _NAMED_IN_BODIES:
            self.check_indices(caller, named or ("*",))

    def check_indices(self, caller: Caller, indices: tuple[str, ...]) -> None:
        """Refuse indices that are not open to a caller.

        Raises:
            ForbiddenError: one of them is not.
        """
        if Role.ADMIN in caller.roles and (self.is_guarded or self._settings.allow_admin):
            return
        for index in indices:
            if not self.is_open(index):
                raise ForbiddenError(
                    f"the index {index!r} is not open to searches",
                    remedy="query_proxy.indices and open_indices name those that are",
                )

    def is_open(self, index: str) -> bool:
        """Say whether everybody with the role may search an index, or a pattern of indices."""
        if self._settings.allow_admin and not self.is_guarded:
            return True
        # A pattern that a client sends stands for more indices than its text: only its very text
        # may be listed, unless everything is open.
        if "*" in index or index in ("_all", ""):
            return index in self._open or "*" in self._open
        return any(fnmatchcase(index, pattern) for pattern in self._open)

    def _named_by(self, request: IncomingRequest) -> str | None:
        scheme, _, value = (request.header("authorization") or "").partition(" ")
        if scheme.lower() == "basic":
            return self._by_password(value.strip())
        key = request.header("x-api-key")
        # Cohere's, Jina's and OpenAI's clients know no other scheme than `Bearer`. Beside a key of
        # its own it is a token for something else.
        if scheme.lower() == "apikey" or (scheme.lower() == "bearer" and key is None):
            key = value.strip()
        return self._by_key(key) if key else None

    def _by_key(self, key: str) -> str | None:
        found = None
        # Every key is compared, so that the time tells nothing.
        for name, caller in self._settings.callers.items():
            if caller.key is not None and _equal(caller.key.get_secret_value(), key):
                found = name
        return found

    def _by_password(self, encoded: str) -> str | None:
        try:
            name, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        caller: CallerSettings | None = self._settings.callers.get(name)
        known = "" if caller is None or caller.password is None else caller.password
        secret = known if isinstance(known, str) else known.get_secret_value()
        return name if _equal(secret, password) and secret else None


def _equal(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
