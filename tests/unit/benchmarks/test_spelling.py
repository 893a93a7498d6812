from benchmarks.spelling import cases_of, english_catalogue, read_by_shopkeeper


def test_cases_are_read_from_the_shared_data(tmp_path):
    (tmp_path / "symspell").mkdir()
    file = tmp_path / "symspell" / "noisy_query_en_1000.txt"
    file.write_text("kitchn kitchen 1\nlamp lamp 0\n", encoding="utf-8")
    assert cases_of(tmp_path) == [("kitchn", "kitchen", 1), ("lamp", "lamp", 0)]


def test_frequencies_of_english_stand_for_titles():
    catalogue = english_catalogue()
    assert catalogue.in_titles("house") > catalogue.in_titles("kitchen") > 0


def test_what_is_searched_first_is_read():
    found, replaced = read_by_shopkeeper([("beautifull", "beautiful", 1), ("lamp", "lamp", 0)])
    assert found == ["beautiful", "lamp"]
    assert replaced[1] is False
