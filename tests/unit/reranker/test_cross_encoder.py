import itertools
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from encoders import ONNX_RUNTIME_ERRORS
from reranker import cross_encoder
from reranker.cross_encoder import (
    CrossEncoder,
    ScoringError,
    ScoringOptions,
    UnusableModelError,
    fingerprint,
)
from reranker.testing import WORD_VALUES

WORDS = st.lists(st.sampled_from(["red", "dress", "summer", "toner", "black", "other"]), max_size=8)


def test_errors_of_onnx_runtime_are_those_that_encoders_know():
    # The file is copied to where nothing of the project can be imported.
    assert cross_encoder._ORT_ERRORS == ONNX_RUNTIME_ERRORS


def test_each_pair_gets_the_logit_of_its_passage(make_model):
    model = CrossEncoder(make_model())
    scores = model.score([("red", "red summer dress"), ("red", "toner black"), ("red", "")])
    assert scores.tolist() == [3.5, -4.0, 0.0]
    assert scores.dtype == np.float32


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(passages=st.lists(WORDS, min_size=1, max_size=20), size=st.integers(1, 7))
def test_sorting_and_batching_do_not_show_in_the_result(make_model, tmp_path, passages, size):
    folder = tmp_path / "words" if (tmp_path / "words").exists() else make_model()
    model = CrossEncoder(folder, ScoringOptions(micro_batch=size, pad_to_multiple=4, threads=1))
    scores = model.score([("red", " ".join(words)) for words in passages])
    expected = [sum(WORD_VALUES.get(word, 0) for word in words) for words in passages]
    assert scores.tolist() == pytest.approx(expected)


def test_no_pairs_give_no_scores(make_model):
    assert CrossEncoder(make_model()).score([]).shape == (0,)


def test_two_labels_are_the_logit_of_yes(make_model):
    model = CrossEncoder(make_model(labels=2))
    # yes - no = 0.5 x - (-0.5 x)
    assert model.score([("red", "red dress")]).tolist() == [3.0]


def test_three_labels_are_no_cross_encoder(make_model):
    with pytest.raises(UnusableModelError, match="it is no cross-encoder"):
        CrossEncoder(make_model(labels=3))


def test_what_stands_beyond_the_limit_is_not_read(make_model):
    folder = make_model()
    model = CrossEncoder(folder, ScoringOptions(max_tokens=16))
    # [CLS] red [SEP] … [SEP] leaves 12 words of the passage.
    assert model.score([("red", "dress " * 100)]).tolist() == [24.0]


def test_the_models_own_limit_counts_too(make_model):
    model = CrossEncoder(make_model(max_tokens=8), ScoringOptions(max_tokens=256))
    assert model.score([("red", "dress " * 100)]).tolist() == [8.0]


def test_a_query_longer_than_the_limit_is_cut_as_well(make_model):
    model = CrossEncoder(make_model(), ScoringOptions(max_tokens=16))
    assert np.isfinite(model.score([("red " * 500, "dress " * 500)])).all()


@pytest.mark.parametrize(
    "text", ["", "😀 emoji", "\ud800 half", "红色连衣裙", "\x00", "x" * 10_000]
)
def test_any_text_is_scored(make_model, text):
    scores = CrossEncoder(make_model()).score([(text, text), ("red", text), (text, "red")])
    assert np.isfinite(scores).all()


def test_the_id_names_the_model_and_its_content(make_model):
    one, other = CrossEncoder(make_model("one")), CrossEncoder(make_model("other", scale=2.0))
    assert one.model_id.startswith("one@")
    assert one.model_id.split("@")[1] != other.model_id.split("@")[1]
    assert one.model_id.split("@")[1] == fingerprint(make_model("copy"))


def test_the_languages_are_the_cards(make_model):
    assert CrossEncoder(make_model("a", languages=["en", "de"])).languages == ("en", "de")
    assert CrossEncoder(make_model("b")).languages == ()


def test_an_abandoned_request_stops_before_its_next_micro_batch(make_model):
    model = CrossEncoder(make_model(), ScoringOptions(micro_batch=2, threads=1))
    answers = iter([False, True])
    scores = model.score([("red", "red")] * 6, lambda: next(answers))
    assert np.isfinite(scores).sum() == 2


def test_a_micro_batch_has_no_more_tokens_than_it_may_padding_included(make_model):
    model = CrossEncoder(make_model(), ScoringOptions(micro_batch_tokens=20, threads=1))
    answers = iter([False, False, True])
    # [CLS] red [SEP] … [SEP]: 5, 5, 5 and 9 tokens; 4 x 9 are too many, and so are 30 for the last,
    # which is computed first, and the other long one after it.
    passages = ["red", "red", "red", "red " * 5, "red " * 26]
    scores = model.score([("red", each) for each in passages], lambda: next(answers))
    assert np.isfinite(scores).tolist() == [False, False, False, True, True]


@pytest.mark.parametrize("threads", [0, 2, 5])
def test_threads_that_compute_at_once_do_not_show_in_the_result(make_model, threads):
    folder = make_model()
    pairs = [("red", "red " * (place % 7) + "dress") for place in range(40)]
    alone = CrossEncoder(folder, ScoringOptions(micro_batch=3, threads=1)).score(pairs)
    model = CrossEncoder(folder, ScoringOptions(micro_batch=3, threads=threads))
    assert model.score(pairs).tolist() == alone.tolist()
    with ThreadPoolExecutor(4) as callers:
        found = list(callers.map(lambda _: model.score(pairs).tolist(), range(8)))
    assert found == [alone.tolist()] * 8


def test_threads_compute_micro_batches_at_the_same_time(make_model):
    model = CrossEncoder(make_model(), ScoringOptions(micro_batch=1, threads=2))
    both = threading.Barrier(2, timeout=20)
    run = model._run

    def together(encodings):
        both.wait()  # breaks unless two are being computed
        return run(encodings)

    model._run = together
    assert model.score([("red", "red")] * 4).tolist() == [1.0] * 4


def test_a_caller_does_not_wait_for_threads_that_work_for_another_one(make_model):
    model = CrossEncoder(make_model(), ScoringOptions(micro_batch=1, threads=2))
    run, held, going = model._run, threading.Event(), threading.Event()

    def held_up(encodings):
        if len(encodings[0].ids) > 10:  # of the first caller alone
            held.set()
            assert going.wait(20)
        return run(encodings)

    model._run = held_up
    with ThreadPoolExecutor(1) as callers:
        first = callers.submit(model.score, [("red", "red " * 20)] * 2)
        assert held.wait(20)
        assert model.score([("red", "red")] * 3).tolist() == [1.0] * 3
        assert not first.done()
        going.set()
        assert first.result(20).tolist() == [20.0] * 2


def test_an_abandoned_request_stops_the_threads_beside_it(make_model):
    model = CrossEncoder(make_model(), ScoringOptions(micro_batch=1, threads=3))
    scores = model.score([("red", "red")] * 2_000, lambda: True)
    assert np.isnan(scores).any()


@pytest.mark.parametrize("threads", [1, 3])
def test_a_failure_in_any_thread_is_the_requests(make_model, threads):
    model = CrossEncoder(make_model(), ScoringOptions(micro_batch=1, threads=threads))
    run, calls = model._run, itertools.count()

    def failing(encodings):
        if next(calls) == 3:
            raise ScoringError("broken")
        return run(encodings)

    model._run = failing
    with pytest.raises(ScoringError, match="broken"):
        model.score([("red", "red")] * 50)
    assert next(calls) < 50


@pytest.mark.parametrize("file", ["model.onnx", "tokenizer.json"])
def test_a_missing_file_is_named(make_model, file):
    folder = make_model()
    (folder / file).unlink()
    with pytest.raises(UnusableModelError, match=file):
        CrossEncoder(folder)


@pytest.mark.parametrize("file", ["model.onnx", "tokenizer.json", "model_card.json"])
def test_a_broken_file_is_named(make_model, file):
    folder = make_model()
    (folder / file).write_bytes((folder / file).read_bytes()[:10])
    with pytest.raises(UnusableModelError, match=file):
        CrossEncoder(folder)


def test_weights_in_a_folder_onnx_are_found(make_model):
    folder = make_model()
    (folder / "onnx").mkdir()
    (folder / "model.onnx").rename(folder / "onnx" / "model.onnx")
    assert CrossEncoder(folder).score([("red", "red")]).tolist() == [1.0]
