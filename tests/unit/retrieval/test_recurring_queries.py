from retrieval.recurring_queries import RecurringQueries


def test_a_query_comes_again_from_its_second_time_on():
    queries = RecurringQueries(10)
    assert [queries.comes_again(each) for each in ("tea", "pot", "tea", "tea")] == [
        False, False, True, True,
    ]  # fmt: skip


def test_the_longest_unseen_is_forgotten_first():
    queries = RecurringQueries(2)
    for each in ("tea", "pot", "tea", "cup"):
        queries.comes_again(each)
    assert queries.comes_again("tea")
    assert not queries.comes_again("pot")


def test_without_a_place_to_keep_them_none_comes_again():
    queries = RecurringQueries(0)
    assert [queries.comes_again("tea"), queries.comes_again("tea")] == [False, False]
