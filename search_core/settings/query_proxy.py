"""The HTTP server before OpenSearch."""

import re
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, field_validator, model_validator

from search_core.setting_choices import Role
from search_core.settings.section import CommaSeparated, PositiveInt, Section

_ORIGIN = re.compile(r"https?://[^/\s?#@]+")


class CallerSettings(Section):
    """`[query_proxy.callers.NAME]`: who may call the proxy, and how that is shown."""

    key: SecretStr | None = None
    """Sent as `Authorization: ApiKey …` or `X-API-Key: …`; at least 16 characters."""
    password: SecretStr | None = None
    """Sent with NAME by basic authentication; at least 8 characters."""
    roles: tuple[Role, ...] = (Role.SEARCH,)
    """What the caller may do."""
    requests_per_second: Annotated[float, Field(gt=0)] | None = None
    """More are answered 429; unset: no limit. Bursts of up to two seconds' worth pass."""

    @model_validator(mode="after")
    def _has_a_secret(self) -> "CallerSettings":
        if self.key is None and self.password is None:
            raise ValueError("needs a key or a password")
        for name, secret, least in (("key", self.key, 16), ("password", self.password, 8)):
            if secret is not None and len(secret.get_secret_value()) < least:
                raise ValueError(f"{name} is shorter than {least} characters")
        return self


class QueryProxySettings(Section):
    """`[query_proxy]`: the HTTP server before OpenSearch that `shopkeeper serve` runs."""

    host: str = "127.0.0.1"
    """Address that is listened on. `0.0.0.0` lets other machines in: configure callers first."""
    port: Annotated[int, Field(ge=0, le=65535)] = 9280
    """Port that is listened on; 0 takes a free one."""
    workers: PositiveInt = 1
    """Processes. Each has its own model in memory and its own permits."""
    indices: CommaSeparated = ("products",)
    """Aliases made by Shopkeeper whose text searches become hybrid. Every other request passes
    through as it is."""
    take_over: bool = True
    """Off passes every search through: the proxy then only guards and measures."""
    open_indices: CommaSeparated = ()
    """Further indices whose searches pass through, by name or pattern (`logs-*`)."""
    allow_admin: bool = False
    """Let through what is no search: bulk writes, documents, administration. Where there are
    callers, only for those with the role `admin`."""
    callers: dict[str, CallerSettings] = {}  # noqa: RUF012 - pydantic copies it
    """By name: `key`, `password` (secrets), `roles` (`search`, `events`, `workbench`, `admin`) and
    `requests_per_second`, in sections `[query_proxy.callers.NAME]`. None: everybody may search, and
    a client's own `Authorization` goes on to OpenSearch."""
    allowed_origins: CommaSeparated = ()
    """Pages of other addresses whose scripts may call the JSON API (CORS), by origin
    (`https://shop.example`); `*`: all. A page's script shows its key to everybody: let it have the
    roles `search` and `events` alone, and a rate. OpenSearch's own paths have its `http.cors`."""
    permits: PositiveInt = 64
    """Requests under way at once in a worker. More than OpenSearch's search threads only wait
    there."""
    queue: Annotated[int, Field(ge=0)] = 256
    """Requests that wait for a permit; further ones are answered 429 with `Retry-After`."""
    queue_ms: PositiveInt = 1_000
    """Longest wait for a permit; then 429."""
    timeout_seconds: Annotated[float, Field(gt=0)] = 60.0
    """Longest wait for OpenSearch's answer to a request that passes through; then 504.
    `retrieval.deadline_ms` bounds hybrid searches."""
    breaker_failures: PositiveInt = 10
    """Failures of OpenSearch in a row after which it is not asked for a while: then 503 at once."""
    breaker_seconds: Annotated[float, Field(gt=0)] = 2.0
    """How long it is not asked; afterwards one request at a time tries."""
    drain_seconds: Annotated[float, Field(ge=0)] = 20.0
    """After SIGTERM: time for requests under way to end."""
    unready_seconds: Annotated[float, Field(ge=0)] = 0.0
    """After SIGTERM: time during which requests are still taken while `/shop/ready` answers 503,
    for load balancers to notice."""
    reload_seconds: Annotated[float, Field(ge=0)] = 2.0
    """How often the settings file and the file of rules are looked at: a change is in force without
    a restart. 0: only SIGHUP has them read again."""
    remembered_bytes: Annotated[int, Field(ge=0)] = 32_000_000
    """Hits of recent hybrid searches kept in memory as OpenSearch gave them, for searches that ask
    for no more than `_source` and versions: 1 to 3 kB each. One whose document has not changed
    since is not fetched again, which mostly saves the second round trip; 0 keeps none. Each worker
    has its own."""
    max_body_bytes: PositiveInt = 1_000_000
    """Largest body of a search; then 413. Other bodies are streamed and bounded by OpenSearch."""
    max_size: PositiveInt = 1_000
    """Largest `size` of a search."""
    max_window: PositiveInt = 10_000
    """Largest `from` + `size`. OpenSearch's own limit is `index.max_result_window`, also 10,000."""
    max_pattern_chars: PositiveInt = 256
    """Longest `regexp`, `wildcard` or `prefix` pattern of a search: long ones can occupy a node."""
    max_aggregation_depth: PositiveInt = 5
    """Levels of aggregations within each other."""
    max_query_depth: PositiveInt = 30
    """Levels of queries within each other."""
    max_searches: PositiveInt = 100
    """Searches in one `_msearch`."""
    tls_certificate: Path | None = None
    """Certificate chain (PEM) for https; with `tls_key`."""
    tls_key: Path | None = None
    """Private key (PEM) of `tls_certificate`."""
    page: bool = True
    """Serve the search page at `/shop/`, and lead browsers there that open `/`."""
    page_title: str = "Shopkeeper"
    """The shop's name, at the top of the search page."""
    page_image_base: str | None = None
    """Address that relative addresses of pictures in the catalogue start from, e.g.
    `https://cdn.example/`. Unset: such products are drawn by their type."""
    workbench: bool = False
    """Serve the workbench at `/shop/workbench/`: why each product stands where it does, changes
    beside it, ratings. For callers with the role `workbench`; where there are none, for everybody
    who reaches the proxy."""
    workbench_judgments: Path | None = None
    """CSV file that ratings of the workbench are added to; made at the first. Unset: nothing can be
    rated."""
    log_queries: bool = False
    """Write what shoppers typed into the log. Off: only a hash of it."""

    @field_validator("allowed_origins")
    @classmethod
    def _origins_are_whole(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        for each in origins:
            if each != "*" and not _ORIGIN.fullmatch(each):
                raise ValueError(
                    f"{each!r} is no origin: a scheme, a host and perhaps a port, without a path"
                    " (https://shop.example)"
                )
        return origins

    @model_validator(mode="after")
    def _certificate_has_its_key(self) -> "QueryProxySettings":
        if (self.tls_certificate is None) != (self.tls_key is None):
            raise ValueError("tls_certificate and tls_key come together")
        return self
