from query_understanding.category_training import fold_of, kind_of, query_examples, title_examples

LAMP = ("product_type", "Desk lamp")


def product(number, title="Brass reading lamp with dimmer 40 cm", **fields):
    return {"id": str(number), "title": title, **({"product_type": "Desk lamp"} | fields)}


def texts(*documents, **options):
    return [each.text for each in title_examples(documents, **({"seed": 1} | options))]


def test_a_title_gives_queries_of_one_to_four_of_its_words_that_stand_side_by_side():
    title = " brass reading lamp with dimmer cm "
    cut = [text for text in texts(product(1), slips=False) if text != "desk lamp"]
    assert len(cut) == 4
    for text in cut:
        assert 1 <= len(text.split()) <= 4
        assert f" {text} " in title


def test_the_name_of_a_kind_is_a_query_of_its_own():
    examples = title_examples([product(n) for n in range(5)], seed=1)
    assert [each.kinds for each in examples if each.text == "desk lamp"] == [(LAMP,)] * 3


def test_a_category_is_named_by_its_last_step():
    document = product(1, product_type=None, category=["Home", "Home > Lamps"])
    assert kind_of(document) == ("category", "Home > Lamps")
    assert "lamps" in texts(document)


def test_a_product_of_which_the_catalogue_does_not_say_what_it_is_is_an_example_as_well():
    (kinds,) = {each.kinds for each in title_examples([product(1, product_type=None)], seed=1)}
    assert kinds == (None,)


def test_some_words_are_mistyped_and_equal_seeds_mistype_equally():
    documents = [product(n) for n in range(50)]
    known = {"brass", "reading", "lamp", "with", "dimmer", "cm", "desk"}
    mistyped = {word for text in texts(*documents) for word in text.split()} - known
    assert mistyped
    assert all(4 <= len(word) <= 7 for word in mistyped)
    assert texts(*documents) == texts(*documents)
    assert {word for text in texts(*documents, slips=False) for word in text.split()} <= known


def test_chinese_words_are_not_torn_apart():
    assert all(" " not in text for text in texts(product(1, "黄铜阅读台灯", product_type="台灯")))


def test_all_queries_of_a_product_are_in_one_fold():
    for number in range(20):
        folds = {each.fold for each in title_examples([product(number)], seed=1)}
        assert folds == {fold_of(str(number))}


def test_a_judged_query_is_about_the_kinds_of_its_best_products():
    kinds = {"a": LAMP, "b": ("product_type", "Bulb"), "c": None}
    graded = [("light", {"a": 3, "b": 1}), ("bright", {"a": 2, "b": 2, "c": 2})]
    light, bright = query_examples(graded, kinds)
    assert (light.text, light.kinds) == ("light", (LAMP,))
    assert bright.kinds == (("product_type", "Bulb"), LAMP)


def test_a_query_that_no_product_answers_teaches_nothing():
    assert query_examples([("light", {"a": 0}), ("odd", {"x": 3}), ("none", {})], {"a": LAMP}) == []
