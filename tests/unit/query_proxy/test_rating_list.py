import threading

import pytest

from evaluation import JudgedQuery, read_judgments
from query_proxy.workbench.rating_list import RatingList
from search_core import JudgmentsError


def test_what_is_rated_is_read_as_judgments(tmp_path):
    file = tmp_path / "ratings.csv"
    ratings = RatingList(file)
    ratings.rate("red,  \n“dress”", (), "p-1", 3)
    ratings.rate("red dress", ("brand=Aria", "price<50"), 'p"2', 0)
    judgments = read_judgments(file).checked()
    assert judgments.grades(JudgedQuery(text="red, “dress”")) == {"p-1": 3}
    filtered = JudgedQuery(text="red dress", filters=("brand=Aria", "price<50"))
    assert judgments.grades(filtered) == {'p"2': 0}
    assert ratings.grades("red dress", ("brand=Aria", "price<50")) == {'p"2': 0}
    assert ratings.grades("red dress", ()) == {}


def test_a_product_that_is_rated_again_has_its_line_replaced_and_no_other(tmp_path):
    file = tmp_path / "ratings.csv"
    file.write_text('query,docid,rating,filters\nmug,p-0,2,\nmug,p-1,1,\n"a, b",p-1,0,\n')
    RatingList(file).rate("mug", (), "p-1", 3)
    assert file.read_text() == (
        'query,docid,rating,filters\nmug,p-0,2,\nmug,p-1,3,\n"a, b",p-1,0,\n'
    )
    assert RatingList(file).grades("mug", ()) == {"p-0": 2, "p-1": 3}
    assert read_judgments(file).checked().grades(JudgedQuery(text="mug")) == {"p-0": 2, "p-1": 3}


def test_a_list_that_is_there_is_added_to_as_it_is_laid_out(tmp_path):
    file = tmp_path / "judgments.csv"
    file.write_text("docid,query,rating\np-1,mug,2", encoding="utf-8")  # no line break at its end
    RatingList(file).rate("mug", (), "p-2", 1)
    assert file.read_text() == "docid,query,rating\np-1,mug,2\np-2,mug,1\n"
    assert RatingList(file).grades("mug", ()) == {"p-1": 2, "p-2": 1}


def test_filters_are_refused_by_a_list_without_a_column_for_them(tmp_path):
    file = tmp_path / "judgments.csv"
    file.write_text("query,docid,rating\n", encoding="utf-8")
    with pytest.raises(JudgmentsError, match="no column for filters"):
        RatingList(file).rate("mug", ("brand=Aria",), "p-1", 1)
    assert file.read_text() == "query,docid,rating\n"


def test_another_kind_of_file_is_left_alone(tmp_path):
    file = tmp_path / "shop.toml"
    file.write_text("[query_proxy]\n", encoding="utf-8")
    with pytest.raises(JudgmentsError, match="no list that can be added to"):
        RatingList(file).rate("mug", (), "p-1", 1)
    assert file.read_text() == "[query_proxy]\n"


def test_a_file_that_another_process_writes_is_seen(tmp_path):
    file = tmp_path / "ratings.csv"
    ours, theirs = RatingList(file), RatingList(file)
    ours.rate("mug", (), "p-1", 1)
    assert ours.grades("mug", ()) == {"p-1": 1}
    theirs.rate("mug", (), "p-2", 2)
    assert ours.grades("mug", ()) == {"p-1": 1, "p-2": 2}


def test_a_place_that_cannot_be_written_to_is_told(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(JudgmentsError, match="cannot be added to"):
        RatingList(tmp_path / "file" / "ratings.csv").rate("mug", (), "p-1", 1)


def test_two_writers_lose_no_rating(tmp_path):
    file = tmp_path / "ratings.csv"

    def rate(writer):
        ratings = RatingList(file)
        for number in range(20):
            ratings.rate("mug", (), f"p-{writer}-{number % 10}", number % 4)

    threads = [threading.Thread(target=rate, args=(writer,)) for writer in range(3)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(read_judgments(file).checked()) == 30
