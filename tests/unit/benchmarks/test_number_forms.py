from benchmarks.number_forms import TypedForm, found_share, typed_forms


def test_words_are_searched_whose_other_form_five_titles_have():
    titles = ["Sticker book"] * 5 + ["Two books"] + ["Gift card"] * 4
    (form,) = typed_forms({"books": "book", "cards": "card"}, titles)
    assert form == TypedForm(typed="books", other="book", titles=6)


def test_hits_with_either_form_count_as_a_share_of_what_could_be_found():
    form = TypedForm(typed="books", other="book", titles=5)
    assert found_share(form, ["A book", "Books", "Bookend", "Lamp"]) == 2 / 5
    assert found_share(TypedForm(typed="books", other="book", titles=50), ["Book"] * 10) == 1.0
