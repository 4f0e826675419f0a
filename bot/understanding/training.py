"""Training: examples in, a small linear model out. The same examples always give the same model.

Needs scikit-learn, which is a development dependency: a running bot only reads the result.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from bot.authoring.examples import Example, fingerprint
from bot.understanding import features
from bot.understanding.classifier import Classifier, Head, vector

STRENGTH = 10.0
"""Inverse regularisation; 3 and 30 measured no better on the messages of ``tests/tuning``."""
ITERATIONS = 200
UNHEARD_OF = -30.0
"""The score of a dialog without examples: its share is as good as none."""
SEEN_AT_LEAST = 2
"""A feature of a single example tells nothing of others."""


def train(examples: list[Example]) -> Classifier:
    """A model of ``examples``. Raises ValueError when there are fewer than two dialogs among them."""
    from joblib import Parallel, delayed

    if len({example.dialog for example in examples}) < 2:
        raise ValueError("there is nothing to tell apart: examples of at least two dialogs are needed")
    rarity = _rarity(examples)
    matrix = _matrix(examples, rarity)
    languages = np.array([example.language for example in examples])
    dialogs = np.array([example.dialog for example in examples])
    known = tuple(sorted(set(dialogs.tolist())))
    each = sorted(set(languages.tolist()), key=lambda name: -int((languages == name).sum()))  # the longest first
    tell_languages, *heads = Parallel(n_jobs=-1)(
        [
            delayed(_head)(matrix, languages, balanced=False),
            *(delayed(_head)(matrix[languages == name], dialogs[languages == name], balanced=True) for name in each),
        ]
    )
    by_language = {name: _spread(head, known) for name, head in sorted(zip(each, heads, strict=True))}
    return Classifier(tell_languages, by_language, rarity, fingerprint(examples))


def _matrix(examples: list[Example], rarity: npt.NDArray[np.float32]) -> Any:
    from scipy.sparse import csr_matrix

    buckets, values, starts = [], [], [0]
    for example in examples:
        where, value = vector(example.text, rarity)
        buckets.append(where)
        values.append(value)
        starts.append(starts[-1] + len(where))
    shape = (len(examples), features.BUCKETS)
    matrix = csr_matrix((np.concatenate(values), np.concatenate(buckets), starts), shape=shape)
    matrix.sum_duplicates()
    return matrix


def _head(matrix: Any, names: npt.NDArray[np.str_], *, balanced: bool) -> Head:
    """Weights that tell ``names`` apart. ``balanced``: a dialog with few examples is heard as easily as others."""
    from sklearn.linear_model import LogisticRegression

    if len(set(names.tolist())) == 1:  # of one name there is nothing to learn
        return Head.rounded((str(names[0]),), np.zeros((1, features.BUCKETS)), np.zeros(1))
    model = LogisticRegression(C=STRENGTH, max_iter=ITERATIONS, class_weight="balanced" if balanced else None)
    used = np.flatnonzero(matrix.getnnz(axis=0))  # what is in no example has no weight, and takes no time
    model.fit(matrix[:, used], names)
    weights, offsets = np.zeros((len(model.coef_), features.BUCKETS)), model.intercept_
    weights[:, used] = model.coef_
    if len(weights) == 1:  # of two names the first is the opposite of the second
        weights, offsets = np.vstack([-weights, weights]) / 2, np.concatenate([-offsets, offsets]) / 2
    return Head.rounded(tuple(str(name) for name in model.classes_), weights, offsets)


def _spread(head: Head, names: tuple[str, ...]) -> Head:
    """The same with a row for every name; one without examples in this language is never likely in it."""
    rows = [head.names.index(name) if name in head.names else None for name in names]
    weights = np.zeros((len(names), features.BUCKETS), np.int8)
    scales, offsets = np.ones(len(names), np.float32), np.full(len(names), UNHEARD_OF, np.float32)
    for at, row in enumerate(rows):
        if row is not None:
            weights[at], scales[at], offsets[at] = head.weights[row], head.scales[row], head.offsets[row]
    return Head(names, weights, scales, offsets)


def _rarity(examples: list[Example]) -> npt.NDArray[np.float32]:
    """How much each feature tells (inverse document frequency): letter groups in row 0, words in row 1."""
    seen = np.zeros((2, features.BUCKETS))
    for example in examples:
        for row, counted in enumerate(features.counts(example.text)):
            seen[row, list(counted)] += 1
    rarity = np.log((1 + len(examples)) / (1 + seen)) + 1
    rarity[seen < SEEN_AT_LEAST] = 0
    return rarity.astype(np.float32)
