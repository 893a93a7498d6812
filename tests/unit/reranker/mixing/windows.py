"""Judged windows in which fusion's order is known to be wrong in a way that can be learned."""

import math

import numpy as np

from reranker.mixing import FEATURES, JudgedWindow

COLUMNS = {name: column for column, name in enumerate(FEATURES)}


def window(*candidates, ideal=3.0):
    """Make a window of candidates, each a grade (`None`: nobody rated it) and features."""
    return JudgedWindow(
        features=np.array(
            [[each.get(name, 0.0) for name in FEATURES] for _, each in candidates], dtype=float
        ),
        grades=np.array([math.nan if grade is None else grade for grade, _ in candidates]),
        ideal=ideal,
    )


def misleading(feature, count=30, size=20):
    """Make windows whose good products fusion puts last and a feature tells apart."""
    return [
        window(
            *(
                (3 if place >= size - 4 else 0,
                 {"fusion": 1 - place / size, feature: float(place >= size - 4)})
                for place in range(size)
            )
        )
        for _ in range(count)
    ]  # fmt: skip
