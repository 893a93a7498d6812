from encoders.fresh_passages import FreshPassages


def test_what_others_computed_counts_once():
    passages = FreshPassages()
    index, tags = passages.begin(), passages.begin()
    passages.note(tags, "cache", [b"a", b"b"])
    assert passages.taken(index, "cache", [b"a", b"c"]) == 1
    assert passages.taken(index, "cache", [b"a", b"b"]) == 1


def test_its_own_passages_and_those_of_other_caches_do_not_count():
    passages = FreshPassages()
    index, tags = passages.begin(), passages.begin()
    passages.note(index, "cache", [b"a"])
    passages.note(tags, "other", [b"b"])
    assert passages.taken(index, "cache", [b"a", b"b"]) == 0


def test_only_what_was_computed_since_an_encoder_began_counts():
    passages = FreshPassages()
    tags = passages.begin()
    passages.note(tags, "cache", [b"a"])
    assert passages.taken(passages.begin(), "cache", [b"a"]) == 0


def test_the_oldest_passages_are_forgotten():
    passages = FreshPassages(most=2)
    index, tags = passages.begin(), passages.begin()
    passages.note(tags, "cache", [b"a", b"b", b"c"])
    assert passages.taken(index, "cache", [b"a", b"b", b"c"]) == 2
