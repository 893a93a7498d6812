import pytest

from retrieval import SearchRequest
from search_core import PageError, QueryPlan

PLAN = QueryPlan.plain("dress")


@pytest.mark.parametrize(("offset", "size"), [(-1, 10), (0, 0), (0, 1001)])
def test_what_is_no_page_is_refused(offset, size):
    with pytest.raises(PageError, match="are no page"):
        SearchRequest(plan=PLAN, offset=offset, size=size)


def test_a_page_beyond_ten_thousand_is_refused_with_the_remedy():
    with pytest.raises(PageError, match="narrow the query"):
        SearchRequest(plan=PLAN, offset=9_995, size=10)


def test_the_last_page_is_allowed():
    assert SearchRequest(plan=PLAN, offset=9_990, size=10).offset == 9_990
