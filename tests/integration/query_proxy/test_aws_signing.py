"""Requests to OpenSearch on AWS: signed so that a server that checks signatures lets them pass."""

import hashlib
import hmac
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qsl, quote, urlsplit

import pytest
import requests

from search_core import ConfigurationError
from search_core.settings import SearchEngineSettings
from search_engine import aws_sign, connect
from search_engine.testing import Fault, ProxiedRequest, fault_proxy

KEY_ID, SECRET, TOKEN = "AKIDEXAMPLE", "not-a-real-secret-key-0123456789abcdef", "token/of+session"
AWS = {"aws_region": "eu-central-1"}
SEARCH = {"query": {"match": {"title": "novaphone case"}}, "size": 3}


def own_signature(request: ProxiedRequest) -> str:
    """The signature as AWS computes it.

    Source: "Create a signed AWS API request", AWS Identity and Access Management User Guide.
    """
    headers = {name.lower(): " ".join(value.split()) for name, value in request.headers.items()}
    scope, signed = re.search(
        r"Credential=[^/]+/([^,]+), SignedHeaders=([^,]+)", headers["authorization"]
    ).groups()
    address = urlsplit(request.path)
    query = sorted(
        (quote(name, safe="-_.~"), quote(value, safe="-_.~"))
        for name, value in parse_qsl(address.query, keep_blank_values=True)
    )
    canonical = "\n".join(
        [
            request.method,
            quote(address.path, safe="/-_.~"),
            "&".join(f"{name}={value}" for name, value in query),
            *(f"{name}:{headers[name]}" for name in signed.split(";")),
            "",
            signed,
            hashlib.sha256(request.body).hexdigest(),
        ]
    )
    to_sign = "\n".join(
        [
            "AWS4-HMAC-SHA256",
            headers["x-amz-date"],
            scope,
            hashlib.sha256(canonical.encode()).hexdigest(),
        ]
    )
    key = f"AWS4{SECRET}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.digest(key, to_sign.encode(), "sha256").hex()


@contextmanager
def checking_node(node: str) -> Iterator[tuple[str, list[ProxiedRequest]]]:
    """The node behind a check of signatures, as AWS has one before its own."""
    seen: list[ProxiedRequest] = []

    def check(request: ProxiedRequest) -> Fault | None:
        seen.append(request)
        given = request.headers.get("authorization", "")
        right = given.endswith(f"Signature={own_signature(request)}") if "AWS4-" in given else False
        return None if right else Fault.FORBIDDEN

    with fault_proxy(node, check) as url:
        yield url, seen


@pytest.fixture(autouse=True)
def credentials(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY_ID)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("AWS_SESSION_TOKEN", TOKEN)


def test_without_a_signature_the_check_refuses(index, opensearch_url):
    with checking_node(opensearch_url) as (url, _):
        assert requests.get(f"{url}/{index}/_count", timeout=30).status_code == 403


def test_searches_of_both_kinds_and_writes_are_signed(start_proxy, index, opensearch_url):
    with (
        checking_node(opensearch_url) as (url, seen),
        start_proxy(indices=(index,), allow_admin=True, upstream=url, engine=AWS) as proxy,
    ):
        hybrid = requests.post(f"{proxy}/{index}/_search", json=SEARCH, timeout=30)
        assert hybrid.headers["x-shopkeeper-search"] == "hybrid"
        assert len(hybrid.json()["hits"]["hits"]) == 3
        passed = requests.get(
            f"{proxy}/{index}/_search?q=title:novaphone%20AND%20(case)&sort=id", timeout=30
        )
        assert passed.json()["hits"]["total"]["value"] == 40
        written = requests.put(
            f"{proxy}/{index}/_doc/a%2Bb%20c?refresh=true", json={"id": "a+b c"}, timeout=30
        )
        assert written.status_code == 201
        gone = requests.delete(f"{proxy}/{index}/_doc/a%2Bb%20c?refresh=true", timeout=30)
        assert gone.status_code == 200
        assert requests.get(f"{proxy}/shop/search?q=case", timeout=30).json()["hits"]
    assert {each.headers["x-amz-security-token"] for each in seen} == {TOKEN}
    assert all("/eu-central-1/es/aws4_request" in each.headers["authorization"] for each in seen)


def test_a_client_cannot_put_its_own_credentials_in_their_place(start_proxy, index, opensearch_url):
    with (
        checking_node(opensearch_url) as (url, _),
        start_proxy(indices=(index,), upstream=url, engine=AWS) as proxy,
    ):
        forged = {"authorization": "Basic eDp5", "x-amz-date": "19700101T000000Z"}
        answer = requests.get(f"{proxy}/{index}/_count", headers=forged, timeout=30)
        assert answer.status_code == 200


def test_the_indexers_client_signs_too(index, opensearch_url):
    with checking_node(opensearch_url) as (url, _):
        client = connect(SearchEngineSettings(url=url, **AWS))
        assert client.count(index=index)["count"] == 64
        client.close()


def test_serverless_collections_are_another_service(opensearch_url):
    sign = aws_sign(SearchEngineSettings(url=opensearch_url, aws_service="aoss", **AWS))
    headers = sign("GET", opensearch_url, None)
    assert "/eu-central-1/aoss/aws4_request" in headers["Authorization"]


def test_secrets_are_never_logged(start_proxy, index, opensearch_url, caplog):
    caplog.set_level(logging.DEBUG)
    with (
        checking_node(opensearch_url) as (url, _),
        start_proxy(indices=(index,), upstream=url, engine=AWS) as proxy,
    ):
        for body in (SEARCH, {"sort": ["id"]}):
            requests.post(f"{proxy}/{index}/_search", json=body, timeout=30).raise_for_status()
        client = connect(SearchEngineSettings(url=url, **AWS))
        client.count(index=index)
        client.close()
    assert caplog.records
    for secret in (SECRET, TOKEN):
        assert secret not in caplog.text


def test_missing_credentials_are_told(monkeypatch, tmp_path):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    with pytest.raises(ConfigurationError, match="no AWS credentials"):
        aws_sign(SearchEngineSettings(**AWS))
