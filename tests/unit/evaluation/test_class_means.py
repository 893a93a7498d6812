import pytest

from evaluation import (
    Answer,
    Dimension,
    JudgedQuery,
    Judgment,
    Judgments,
    Run,
    class_means,
    measure_run,
    parse_measures,
    query_classes,
)

LAMP, SOFA, RETURN = (JudgedQuery(text=text) for text in ("lamp", "sofa", "return sofa"))
QUERIES = (LAMP, SOFA, RETURN)


def run(**told):
    return Run(
        name="test",
        answers={
            query.key: Answer(
                product_ids=(found,), **{name: each[place] for name, each in told.items()}
            )
            for place, (query, found) in enumerate(zip(QUERIES, ("a", "b", "x"), strict=True))
        },
    )


def test_queries_are_told_apart_by_the_intent_that_a_system_says():
    told = run(intent=("buy", "buy", "support"))
    assert query_classes(QUERIES, (run(), told))[Dimension.INTENT] == {
        "buy": (LAMP, SOFA),
        "support": (RETURN,),
    }


def test_queries_are_told_apart_by_the_language_that_a_system_says():
    told = run(language=("en", None, "de"))
    assert set(query_classes(QUERIES, (told,))[Dimension.LANGUAGE]) == {"en", "de", "not told"}


def test_no_system_says_no_intents():
    assert Dimension.INTENT not in query_classes(QUERIES, (run(),))
    assert Dimension.INTENT not in query_classes(QUERIES)


def test_the_mean_of_each_class_is_that_of_its_queries():
    judgments = Judgments.of(
        Judgment(query=query, product_id=good, grade=1)
        for query, good in zip(QUERIES, ("a", "b", "c"), strict=True)
    )
    evaluation = measure_run(
        run(intent=("buy", "buy", "support")), judgments, parse_measures(["P@1"])
    )
    means = {each.name: each.mean for each in class_means(evaluation)}
    assert means["buy"] == pytest.approx(1.0)
    assert means["support"] == pytest.approx(0.0)
    assert means["1 word"] == pytest.approx(1.0)
