import pytest
from opensearchpy import exceptions as foreign
from pydantic import SecretStr

from search_core import (
    IndexNotFoundError,
    SearchEngineAccessError,
    SearchEngineOverloadedError,
    SearchEngineRequestError,
    SearchEngineTimeoutError,
    SearchEngineUnavailableError,
)
from search_core.settings import SearchEngineSettings
from search_engine import connect, error_reason, translated_errors


def body(reason, kind="some_exception"):
    return {"error": {"root_cause": [{"type": kind, "reason": reason}], "type": kind}}


@pytest.mark.parametrize(
    ("error", "ours", "words"),
    [
        (
            foreign.TransportError(429, "busy", body("queue full")),
            SearchEngineOverloadedError,
            "queue full",
        ),
        (foreign.AuthenticationException(401, "x", {}), SearchEngineAccessError, "refuses access"),
        (
            foreign.AuthorizationException(
                403, "x", body("index [p] blocked by: [FORBIDDEN/12/index read-only-allow-delete]")
            ),
            SearchEngineAccessError,
            "disk is full",
        ),
        (
            foreign.NotFoundError(404, "index_not_found_exception", body("no such index [shop]")),
            IndexNotFoundError,
            "no index shop",
        ),
        (foreign.TransportError(503, "x", body("no master")), SearchEngineUnavailableError, "503"),
        (foreign.RequestError(400, "x", body("bad field")), SearchEngineRequestError, "bad field"),
        (
            foreign.ConnectionTimeout("TIMEOUT", "late", Exception("late")),
            SearchEngineTimeoutError,
            "in time",
        ),
        (
            foreign.ConnectionError("N/A", "refused", Exception("refused")),
            SearchEngineUnavailableError,
            "cannot be reached",
        ),
    ],
)
def test_foreign_errors_become_ours(error, ours, words):
    with pytest.raises(ours, match=words) as caught, translated_errors():
        raise error
    assert caught.value.__cause__ is error


def test_other_errors_pass():
    with pytest.raises(KeyError), translated_errors():
        raise KeyError("ours")


def test_the_innermost_reason_is_shown():
    assert error_reason(body("why")) == "why"
    assert error_reason("text") == ""
    assert error_reason({"error": "plain"}) == "plain"


def test_a_password_is_not_shown_by_the_settings():
    settings = SearchEngineSettings(user="shop", password=SecretStr("secret"))
    assert "secret" not in repr(settings)
    connect(settings).close()
