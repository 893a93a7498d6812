"""TLS towards clients and towards OpenSearch: one proxy stands before another."""

import pytest
import requests
import trustme

from search_core.settings import SearchEngineSettings

DRESS = {"query": {"match": {"title": "novaphone 12 case red"}}, "size": 1}


@pytest.fixture
def authority():
    return trustme.CA()


@pytest.fixture
def certificate(authority, tmp_path):
    """The settings of a server that the authority vouches for."""
    issued = authority.issue_cert("127.0.0.1")
    issued.private_key_pem.write_to_path(tmp_path / "key.pem")
    for blob in issued.cert_chain_pems:
        blob.write_to_path(tmp_path / "certificate.pem", append=True)
    return {"tls_certificate": tmp_path / "certificate.pem", "tls_key": tmp_path / "key.pem"}


@pytest.fixture
def ca_file(authority, tmp_path):
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    return tmp_path / "ca.pem"


def test_clients_and_upstream_are_reached_by_tls(start_proxy, index, certificate, ca_file):
    with (
        start_proxy(
            open_indices=(index,), allow_admin=True, take_over=False, **certificate
        ) as node,
        start_proxy(indices=(index,), upstream=node, engine={"ca_certs": ca_file}) as url,
    ):
        assert node.startswith("https://")
        assert requests.get(f"{node}/shop/health", verify=str(ca_file), timeout=30).ok
        hybrid = requests.post(f"{url}/{index}/_search", json=DRESS, timeout=30)
        assert hybrid.headers["x-shopkeeper-search"] == "hybrid"
        assert hybrid.json()["hits"]["hits"][0]["_id"] == "case-12-red"
        assert requests.get(f"{url}/{index}/_count", timeout=30).json()["count"] == 64


def test_an_unknown_certificate_is_refused_unless_checks_are_off(start_proxy, index, certificate):
    with start_proxy(open_indices=(index,), **certificate) as node:
        with start_proxy(open_indices=(index,), upstream=node) as url:
            assert requests.get(f"{url}/{index}/_count", timeout=30).status_code == 503
        with start_proxy(
            open_indices=(index,), upstream=node, engine={"verify_certs": False}
        ) as url:
            assert requests.get(f"{url}/{index}/_count", timeout=30).json()["count"] == 64


def test_a_certificate_comes_with_its_key():
    with pytest.raises(ValueError, match="client_certificate and client_key come together"):
        SearchEngineSettings(client_certificate="x.pem")
