from query_understanding.lexicon.companion_words import CompanionWords


def counted(*titles):
    companions = CompanionWords()
    for title in titles:
        companions.observe(title.split())
    return companions.frequent()


def test_words_of_one_title_are_counted_wherever_they_stand():
    found = counted("wireless optical mouse", "mouse blue wireless")
    assert found == {"mouse wireless": 2}


def test_plurals_count_as_their_singular_and_numbers_not_at_all():
    assert counted("mice traps 12", "trap for mice 12") == {"mice trap": 2}


def test_a_pair_of_one_product_is_forgotten():
    assert counted("red lamp") == {}
