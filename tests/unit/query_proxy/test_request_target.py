import pytest
from hypothesis import given
from hypothesis import strategies as st

from query_proxy.guards.request_target import RequestKind, RequestTarget, request_target
from search_core import MalformedRequestError


@pytest.mark.parametrize(
    ("method", "path", "kind", "indices"),
    [
        ("GET", "/", RequestKind.GREETING, ()),
        ("POST", "/products/_search", RequestKind.SEARCH, ("products",)),
        ("GET", "/a,b/_search/", RequestKind.SEARCH, ("a", "b")),
        ("GET", "/%2A/_search", RequestKind.SEARCH, ("*",)),
        ("GET", "/_search", RequestKind.SEARCH, ()),
        ("POST", "/_msearch", RequestKind.MULTI_SEARCH, ()),
        ("POST", "/p/_msearch", RequestKind.MULTI_SEARCH, ("p",)),
        ("POST", "/p/_search/template", RequestKind.TEMPLATE, ("p",)),
        ("POST", "/_search/scroll", RequestKind.CURSOR, ()),
        ("DELETE", "/_search/point_in_time", RequestKind.CURSOR, ()),
        ("POST", "/p/_search/point_in_time", RequestKind.READ, ("p",)),
        ("GET", "/p/_doc/1%2F2", RequestKind.READ, ("p",)),
        ("PUT", "/p/_doc/1", RequestKind.ADMIN, ()),
        ("DELETE", "/p/_search", RequestKind.ADMIN, ()),
        ("POST", "/_bulk", RequestKind.ADMIN, ()),
        ("POST", "/p/_bulk", RequestKind.ADMIN, ()),
        ("POST", "/_all/_search", RequestKind.ADMIN, ()),
        ("POST", "/p/_search/x/y", RequestKind.ADMIN, ()),
    ],
)
def test_a_request_is_what_its_method_and_path_say(method, path, kind, indices):
    assert request_target(method, path) == RequestTarget(kind=kind, indices=indices)


@pytest.mark.parametrize(
    "path",
    ["/..", "/a/../b", "/a/%2e%2E/b", "//a", "/a//_search", "/a%2Fb/_search", "a", "*", "/a%0d/b"],
)
def test_a_path_that_can_be_read_in_two_ways_is_refused(path):
    with pytest.raises(MalformedRequestError):
        request_target("GET", path)


@given(st.text(alphabet="ab_/.%2eE*,-~", max_size=20))
def test_no_path_hides_an_index(path):
    try:
        target = request_target("GET", f"/{path}")
    except MalformedRequestError:
        return
    if target.kind is RequestKind.SEARCH:
        assert path.split("/")[0].startswith("_search") or target.indices
