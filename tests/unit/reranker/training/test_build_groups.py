import numpy as np
import pytest

from reranker.training import (
    GeneratedQuery,
    JudgedProducts,
    KindAgreement,
    QuerySource,
    groups_from_catalogue,
    groups_from_judgments,
    read_training_catalogue,
)
from search_core.settings import RerankerSettings, RerankerTrainingSettings

PRINTER = GeneratedQuery(kind="printer", source=QuerySource.KIND)


@pytest.fixture(scope="module")
def catalogue():
    names = ["printer"] * 50 + ["toner for printer"] * 5 + ["toner for office"] * 45
    documents = [
        {
            "id": str(place),
            "title": f"Acme {name} {place}",
            "attributes": [{"name": "yield" if "toner" in name else "speed", "value": 1.0}],
        }
        for place, name in enumerate(names)
    ]
    return read_training_catalogue(documents, RerankerSettings())


def built(catalogue, *, find, teacher=None, queries=(PRINTER,), **changes):
    settings = RerankerTrainingSettings(**{"list_size": 6, "noise_share": 0.0, **changes})
    agreement = KindAgreement(catalogue, 1)
    return groups_from_catalogue(queries, catalogue, agreement, find, teacher, settings)


def test_what_the_search_finds_competes_and_the_kind_decides(catalogue):
    (group,) = built(catalogue, find=lambda queries: [["0", "50", "1", "51", "2", "52"]])
    targets = dict(zip(group.passages, group.targets, strict=True))
    printers = [target for passage, target in targets.items() if "toner" not in passage]
    toners = [target for passage, target in targets.items() if "toner" in passage]
    assert printers
    assert toners
    assert min(printers) > max(toners)
    assert (group.query, group.family, group.source) == ("printer", "printer", "kind")


def test_products_that_are_gone_are_passed_over(catalogue):
    (group,) = built(catalogue, find=lambda queries: [["gone", "0", "50", "gone too", "51"]])
    assert all(passage.startswith("Acme") for passage in group.passages)


def test_the_share_of_the_teacher_decides_who_is_followed(catalogue):
    def contrary(pairs):
        return [5.0 if "toner" in passage else -5.0 for _, passage in pairs]

    def find(queries):
        return [["0", "50", "1", "51", "2", "52"]]

    (led,) = built(catalogue, find=find, teacher=contrary, teacher_share=1.0)
    (alone,) = built(catalogue, find=find, teacher=contrary, teacher_share=0.0)
    best_led = led.passages[led.targets.index(max(led.targets))]
    best_alone = alone.passages[alone.targets.index(max(alone.targets))]
    assert "toner" in best_led
    assert "toner" not in best_alone


def test_where_the_teacher_has_no_logit_the_kind_alone_decides(catalogue):
    def find(queries):
        return [["0", "50", "1", "51", "2", "52"]] * len(queries)

    def of_printers(pairs):
        return [float("nan") if query == "printer" else float(place) for place, (query, _) in
                enumerate(pairs)]  # fmt: skip

    toner = GeneratedQuery(kind="toner", source=QuerySource.KIND)
    queries = (PRINTER, toner)
    taught = built(catalogue, find=find, teacher=of_printers, queries=queries, teacher_share=1.0)
    alone = built(catalogue, find=find, queries=queries)
    assert taught[0].targets == alone[0].targets
    assert taught[1].targets != alone[1].targets
    # With a whole share of the teacher, its order is the order.
    assert list(taught[1].targets) == sorted(taught[1].targets)


def test_the_teacher_reads_the_query_without_the_slip_that_the_pupil_gets(catalogue):
    asked = []

    def teacher(pairs):
        asked.extend(query for query, _ in pairs)
        return [float(place) for place in range(len(pairs))]

    (group,) = built(
        catalogue, find=lambda queries: [["0", "50"]], teacher=teacher, noise_share=1.0
    )
    assert group.query != "printer"
    assert set(asked) == {"printer"}


def test_a_query_whose_words_name_no_kind_is_dropped(catalogue):
    odd = GeneratedQuery(kind="seven", source=QuerySource.KIND)
    assert built(catalogue, find=lambda queries: [["0", "50"]], queries=(odd,)) == ()


def test_grades_become_targets_in_lists_of_like_length(catalogue):
    grades = {str(place): float(place % 4) for place in range(10)} | {"gone": 3.0}
    settings = RerankerTrainingSettings(list_size=4, sharpness=1.0)
    groups = groups_from_judgments(
        [JudgedProducts(query="Office Printers", grades=grades)], catalogue, settings
    )
    assert sorted(len(each.passages) for each in groups) == [3, 3, 4]
    assert {each.family for each in groups} == {"office printer"}
    assert {each.source for each in groups} == {"judgments"}
    spread = float(np.std(list(grades.values())))
    for each in groups:
        for passage, target in zip(each.passages, each.targets, strict=True):
            assert target == pytest.approx(grades[passage.split()[-1]] / spread)


def test_a_query_whose_products_are_all_alike_teaches_nothing(catalogue):
    judged = JudgedProducts(query="printer", grades={"0": 1.0, "1": 1.0})
    assert groups_from_judgments([judged], catalogue, RerankerTrainingSettings()) == ()
