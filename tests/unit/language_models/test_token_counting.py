from language_models.token_counting import likely_tokens, most_tokens


def test_four_latin_characters_are_about_a_token():
    assert likely_tokens("a red dress for summer") == 6  # 22 characters


def test_a_chinese_character_is_about_a_token():
    assert likely_tokens("红色连衣裙") == 5
    assert likely_tokens("红色 dress") == 4  # 2, and 6 characters


def test_no_vocabulary_has_more_tokens_than_bytes():
    assert most_tokens("红a") == 4 + 8
    assert most_tokens("\ud800") == 3 + 8  # half a pair, as broken exports have it
