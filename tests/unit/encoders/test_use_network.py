import numpy as np
import pytest

from encoders.use_network import UseNetwork, _convolution


@pytest.fixture(scope="module")
def network(use_files):
    return UseNetwork(use_files[0])


def test_texts_of_one_batch_do_not_see_each_other(network):
    texts = [np.array([1, 5, 9, 40, 2]), np.array([1, 2]), np.array([1, 33, 2])]
    together = network.run(np.concatenate(texts), np.array([5, 2, 3]))
    alone = [network.run(text, np.array([len(text)]))[0] for text in texts]
    assert together == pytest.approx(np.array(alone), abs=1e-5)


def test_the_order_of_tokens_counts(network):
    there = network.run(np.array([1, 5, 9, 2]), np.array([4]))
    back = network.run(np.array([1, 9, 5, 2]), np.array([4]))
    assert np.abs(there - back).max() > 1e-3


@pytest.mark.parametrize("window", [2, 3, 5])
def test_a_convolution_sees_its_window_and_nothing_beyond_the_text(window):
    random = np.random.default_rng(1)
    stored = {
        "w1": random.normal(0, 0.05, (window * 256, 256)).astype(np.float32),
        "w2": np.zeros((window * 256, 256), np.float32),
        "b1": random.normal(0, 0.05, 256).astype(np.float32),
        "b2": np.zeros(256, np.float32),
    }
    convolution = _convolution(
        {f"{name}_{window}": array for name, array in stored.items()}, window
    )
    tokens = random.normal(size=(4, 256)).astype(np.float32)
    places = np.arange(4) + 2
    before, after = {2: (0, 1), 3: (1, 1), 5: (2, 2)}[window]
    padded = np.concatenate([np.zeros((before, 256)), tokens, np.zeros((after, 256))])
    expected = [
        np.maximum(padded[i : i + window].reshape(-1) @ stored["w1"] + stored["b1"], 0) + tokens[i]
        for i in range(4)
    ]
    assert convolution.apply(tokens, places, 8) == pytest.approx(np.array(expected), abs=1e-4)
