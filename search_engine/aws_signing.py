"""Requests to OpenSearch on AWS, signed with Signature Version 4 by AWS's own library."""

import logging
from collections.abc import Mapping
from typing import Protocol
from urllib.parse import parse_qsl, quote

from search_core import ConfigurationError
from search_core.settings import SearchEngineSettings

_UNRESERVED = "-_.~"


class Sign(Protocol):
    """Signs one request."""

    def __call__(
        self,
        method: str,
        url: str,
        body: bytes | str | None,
        headers: Mapping[str, str] | None = None,
    ) -> Mapping[str, str]:
        """Return the headers that have to be sent with it.

        Args:
            method: of HTTP.
            url: the whole address.
            body: as it is sent.
            headers: that are sent anyway; they are signed, too.
        """
        ...


def aws_sign(settings: SearchEngineSettings) -> Sign | None:
    """Return what signs requests; `None`: they are not signed.

    Credentials are found as AWS's own tools find them: the environment, a profile, a container's or
    a machine's role. They are renewed before they expire. The client's own signer is not used: it
    writes a space in a query as `+`, which AWS reads as a plus.

    Raises:
        ConfigurationError: the extra `aws` is not installed, or there are no credentials.
    """
    region = settings.aws_region
    if region is None:
        return None
    try:
        from botocore.auth import SigV4Auth  # noqa: PLC0415 - an extra of its own
        from botocore.awsrequest import AWSRequest  # noqa: PLC0415
        from botocore.session import Session  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            "search_engine.aws_region needs botocore, which is not installed",
            remedy="pip install '.[aws]' in Shopkeeper's folder",
        ) from error
    # Where the level is low enough it writes session tokens into the log.
    logging.getLogger("botocore").setLevel(logging.WARNING)
    credentials = Session().get_credentials()
    if credentials is None:
        raise ConfigurationError(
            "search_engine.aws_region is set, but there are no AWS credentials",
            remedy="set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or give the "
            "machine a role",
        )

    def sign(
        method: str,
        url: str,
        body: bytes | str | None,
        headers: Mapping[str, str] | None = None,
    ) -> Mapping[str, str]:
        address = canonical_query(url)
        request = AWSRequest(method=method, url=address, data=body, headers=headers or {})
        # Frozen: key and token of one moment, whatever is renewed meanwhile.
        auth = SigV4Auth(credentials.get_frozen_credentials(), settings.aws_service.value, region)
        request.headers["X-Amz-Content-SHA256"] = auth.payload(request)
        auth.add_auth(request)
        return dict(request.headers.items())

    return sign


def canonical_query(target: str) -> str:
    """Return an address with its query string written as AWS writes it before it is signed.

    Source: "Create a signed AWS API request", AWS Identity and Access Management User Guide.
    """
    path, mark, query = target.partition("?")
    pairs = sorted(
        (quote(name, safe=_UNRESERVED), quote(value, safe=_UNRESERVED))
        for name, value in parse_qsl(query, keep_blank_values=True)
    )
    return f"{path}{mark}{'&'.join(f'{name}={value}' for name, value in pairs)}"
