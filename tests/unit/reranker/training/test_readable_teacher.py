import math

from reranker.training import readable_teacher

PAIRS = [("red dress", "a"), ("红色连衣裙", "b"), ("toner", "c"), ("红色连衣裙", "d")]


def test_what_it_cannot_read_is_not_asked_and_has_no_logit():
    asked = []

    def score(pairs):
        asked.extend(pairs)
        return [float(place) for place in range(len(pairs))]

    logits = readable_teacher(("en",), score)(PAIRS)
    assert asked == [("red dress", "a"), ("toner", "c")]
    assert [logits[0], logits[2]] == [0.0, 1.0]
    assert math.isnan(logits[1])
    assert math.isnan(logits[3])


def test_a_teacher_of_all_languages_is_asked_everything():
    assert readable_teacher((), lambda pairs: [1.0] * len(pairs))(PAIRS) == [1.0] * 4
