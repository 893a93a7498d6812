from dataclasses import replace

from shop import CATALOGUE

from query_understanding.spelling.meant_text import MeantTextReader
from search_core import QueryPlan


class Recorder:
    """A rewriter that notes which text it was given."""

    name = "recorder"

    def rewrite(self, plan, catalogue):
        return plan.logged(self.name, plan.text)


def test_the_wrapped_rewriter_reads_what_was_meant_and_the_text_stays():
    plan = replace(QueryPlan.plain("moute pad"), dense_text="mouse pad")
    read = MeantTextReader(Recorder()).rewrite(plan, CATALOGUE)
    assert read.log[-1].message == "mouse pad"
    assert read.text == "moute pad"


def test_a_text_that_was_typed_right_is_read_as_it_is():
    read = MeantTextReader(Recorder()).rewrite(QueryPlan.plain("mouse pad"), CATALOGUE)
    assert read.log[-1].message == "mouse pad"
    assert MeantTextReader(Recorder()).name == "recorder"
