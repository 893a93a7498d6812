from query_understanding.categories.seen_phrases import SeenPhrases


def test_what_was_added_is_always_found():
    seen = SeenPhrases()
    phrases = [f"model {number}" for number in range(2_000)]
    for phrase in phrases:
        seen.add(phrase)
    assert all(phrase in seen for phrase in phrases)


def test_what_was_not_added_is_hardly_ever_found():
    seen = SeenPhrases()
    for number in range(2_000):
        seen.add(f"model {number}")
    # 4,000 of 67 million bits are set: an unseen phrase finds both of its own with 4 × 10⁻⁹.
    assert not any(f"other {number}" in seen for number in range(2_000))
    assert "model 1" not in SeenPhrases()
