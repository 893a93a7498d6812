from shop import rewritten

from query_understanding import KnownCatalogue, Lexicon
from query_understanding.other_forms import acronym_rewriter, plural_rewriter
from search_core import QueryPlan

KNOWN = KnownCatalogue(
    Lexicon(
        products=9,
        number_forms={"books": "book", "card": "cards"},
        written_out={"ssd": "solid state drive"},
    )
)


def test_a_plural_is_searched_as_titles_have_it():
    plan = rewritten(plural_rewriter(), "colouring books", KNOWN)
    assert (plan.text, plan.variants) == ("colouring books", ("colouring book",))
    assert plan.log[-1].rewriter == "plurals"
    assert "'books' as 'book'" in plan.log[-1].message


def test_all_words_of_a_text_are_put_into_one_wording():
    plan = rewritten(plural_rewriter(), "Books & card holder", KNOWN)
    assert plan.variants == ("book & cards holder",)


def test_an_acronym_is_searched_as_titles_write_it_out():
    plan = rewritten(acronym_rewriter(), "SSD 1 TB", KNOWN)
    assert plan.variants == ("solid state drive 1 TB",)


def test_a_text_without_such_words_stays():
    plan = QueryPlan.plain("desk lamp")
    assert plural_rewriter().rewrite(plan, KNOWN) is plan


def test_wordings_that_are_there_stay_and_no_more_than_three_are_searched():
    plan = QueryPlan.plain("books")
    one = QueryPlan(original_text="books", text="books", variants=("boks",))
    assert plural_rewriter().rewrite(one, KNOWN).variants == ("boks", "book")
    three = QueryPlan(original_text="books", text="books", variants=("a", "b", "c"))
    assert plural_rewriter().rewrite(three, KNOWN) is three
    assert plural_rewriter().rewrite(plan, KNOWN).variants == ("book",)
