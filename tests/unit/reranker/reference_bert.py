"""A BERT cross-encoder step by step in numpy, to compare graphs with."""

import math

import numpy as np

WIDTH, INNER, LAYERS, HEADS, WORDS = 16, 32, 3, 2, 30
EPSILON = 1e-12


def random_weights(seed=0):
    """Return weights by PyTorch's names; matrices are outputs by inputs."""
    draw = np.random.default_rng(seed)

    def dense(name, outputs, inputs):
        weights[f"{name}.weight"] = draw.normal(0, inputs**-0.5, (outputs, inputs))
        weights[f"{name}.bias"] = draw.normal(0, 0.1, outputs)

    def norm(name):
        weights[f"{name}.weight"] = draw.normal(1, 0.1, WIDTH)
        weights[f"{name}.bias"] = draw.normal(0, 0.1, WIDTH)

    weights = {
        f"bert.embeddings.{name}_embeddings.weight": draw.normal(0, 1, (rows, WIDTH))
        for name, rows in (("word", WORDS), ("position", 64), ("token_type", 2))
    }
    norm("bert.embeddings.LayerNorm")
    for layer in range(LAYERS):
        name = f"bert.encoder.layer.{layer}"
        for part in ("self.query", "self.key", "self.value", "output.dense"):
            dense(f"{name}.attention.{part}", WIDTH, WIDTH)
        norm(f"{name}.attention.output.LayerNorm")
        dense(f"{name}.intermediate.dense", INNER, WIDTH)
        dense(f"{name}.output.dense", WIDTH, INNER)
        norm(f"{name}.output.LayerNorm")
    dense("bert.pooler.dense", WIDTH, WIDTH)
    dense("classifier", 1, WIDTH)
    return {name: values.astype(np.float32) for name, values in weights.items()}


def logit(weights, ids, segments):
    """Return the logit of one pair without padding."""

    def dense(state, name):
        return state @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]

    def norm(state, name):
        centred = state - state.mean(axis=-1, keepdims=True)
        scaled = centred / np.sqrt(state.var(axis=-1, keepdims=True) + EPSILON)
        return scaled * weights[f"{name}.weight"] + weights[f"{name}.bias"]

    def heads(state):
        return state.reshape(len(ids), HEADS, -1).transpose(1, 0, 2)

    table = "bert.embeddings.{}_embeddings.weight"
    state = weights[table.format("word")][ids] + weights[table.format("token_type")][segments]
    state = norm(state + weights[table.format("position")][: len(ids)], "bert.embeddings.LayerNorm")
    for layer in range(LAYERS):
        name = f"bert.encoder.layer.{layer}"
        query, key, value = (
            heads(dense(state, f"{name}.attention.self.{part}"))
            for part in ("query", "key", "value")
        )
        share = np.exp(query @ key.transpose(0, 2, 1) / math.sqrt(WIDTH / HEADS))
        attended = (share / share.sum(axis=-1, keepdims=True)) @ value
        attended = attended.transpose(1, 0, 2).reshape(len(ids), WIDTH)
        state = norm(
            dense(attended, f"{name}.attention.output.dense") + state,
            f"{name}.attention.output.LayerNorm",
        )
        inner = dense(state, f"{name}.intermediate.dense")
        inner = inner * (1 + np.vectorize(math.erf)(inner / math.sqrt(2))) / 2
        state = norm(dense(inner, f"{name}.output.dense") + state, f"{name}.output.LayerNorm")
    return float(dense(np.tanh(dense(state[0], "bert.pooler.dense")), "classifier")[0])
