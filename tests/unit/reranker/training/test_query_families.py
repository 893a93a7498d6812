from reranker.training.query_families import query_families


def families(*queries):
    found = query_families(queries)
    names = dict.fromkeys(found[query] for query in queries)
    return [{query for query in queries if found[query] == name} for name in names]


def test_a_query_with_all_the_words_of_another_is_of_its_family():
    assert families("printer", "hp printer", "desk") == [{"printer", "hp printer"}, {"desk"}]


def test_plurals_order_and_case_make_no_other_family():
    assert families("laptop bag", "Bags laptop") == [{"laptop bag", "Bags laptop"}]


def test_what_one_query_links_is_one_family():
    assert families("hp printer", "printer ink", "printer") == [
        {"hp printer", "printer ink", "printer"}
    ]


def test_sharing_a_word_is_not_enough():
    assert families("laptop bag", "camera bag") == [{"laptop bag"}, {"camera bag"}]


def test_a_query_of_signs_is_a_family_of_its_own():
    assert families("+++", "---") == [{"+++"}, {"---"}]


def test_long_queries_are_of_one_family_too():
    long = "hp color laser printer duplex"
    assert len(families(f"{long} wifi", long)) == 1
    assert len(families(long, f"{long} wifi")) == 1


def test_every_word_of_a_long_query_is_looked_at():
    long = "a b c d e f g h i j printer l and whatever else comes to mind"
    assert len(families(long, "printer")) == 1
    assert len(families(long, "mind")) == 1


def test_names_do_not_depend_on_how_words_are_hashed():
    queries = ["shade oak shelf", "oak", "shelf", "shade"]
    assert set(query_families(queries).values()) == {"shelf"}
