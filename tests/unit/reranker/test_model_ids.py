from reranker import is_among, joined_ids


def test_several_models_are_one_text_in_their_order_each_once():
    assert joined_ids(["words@1", "chinese@2", "words@1"]) == "words@1 + chinese@2"
    assert joined_ids([]) == ""


def test_a_model_is_found_in_the_text_even_if_its_name_has_blanks():
    joined = joined_ids(["my own model@1", "chinese@2"])
    assert is_among("my own model@1", joined)
    assert is_among("chinese@2", joined)
    assert not is_among("chinese@1", joined)
    assert not is_among("model@1", joined)
    assert is_among("a + b@1", "a + b@1")
