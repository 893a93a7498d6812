import pytest
from pydantic import ValidationError

from search_core.settings import QueryProxySettings


@pytest.mark.parametrize(
    "origin", ["*", "https://shop.example", "http://localhost:3000", "https://[::1]:8443"]
)
def test_an_origin_may_call(origin):
    assert QueryProxySettings(allowed_origins=(origin,)).allowed_origins == (origin,)


@pytest.mark.parametrize(
    "written", ["shop.example", "https://shop.example/", "https://a b", "ftp://shop.example"]
)
def test_what_no_browser_would_send_as_an_origin_is_refused(written):
    with pytest.raises(ValidationError, match="is no origin"):
        QueryProxySettings(allowed_origins=(written,))
