"""Training: examples in, a small linear model out. The same examples always give the same model.

Needs scikit-learn, which is a development dependency: a running bot only reads the result.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from bot.authoring.examples import NONE, Example, fingerprint
from bot.understanding import features
from bot.understanding.classifier import Classifier, Halves, Head, filler, vector
from bot.understanding.features import Counted

STRENGTH = 10.0
"""Inverse regularisation; 3 and 30 measured no better on the messages of ``tests/tuning``."""
ITERATIONS = 200
NONE_MORE = 1.5
"""Small talk and what belongs nowhere is so many times as usual as any one dialog, of which all count alike: a text
that says little is rather that. With 2, danger that is said in few words begins to be missed."""
UNHEARD_OF = -30.0
"""The score of a dialog without examples: its share is as good as none."""
SEEN_AT_LEAST = 2
"""A feature of a single example tells nothing of others."""


def train(examples: list[Example]) -> Classifier:
    """A model of ``examples``. Raises ValueError when there are fewer than two dialogs among them."""
    from joblib import Parallel, delayed

    if len({example.dialog for example in examples}) < 2:
        raise ValueError("there is nothing to tell apart: examples of at least two dialogs are needed")
    found = [features.counted(example.text) for example in examples]
    languages = np.array([example.language for example in examples])
    dialogs = np.array([example.dialog for example in examples])
    known = tuple(sorted(set(dialogs.tolist())))
    each = sorted(set(languages.tolist()), key=lambda name: -int((languages == name).sum()))  # the longest first
    tell_languages, *heads = Parallel(n_jobs=-1)(
        [
            delayed(_head)(found, languages, balanced=False),
            *(
                delayed(_head)([found[at] for at in np.flatnonzero(of)], dialogs[of], balanced=True)
                for of in (languages == name for name in each)
            ),
        ]
    )
    by_language = {name: _spread(head, known) for name, head in sorted(zip(each, heads, strict=True))}
    return Classifier(tell_languages, known, by_language, _fillers(examples), fingerprint(examples))


def _fillers(examples: list[Example]) -> frozenset[int]:
    numbers = [(filler(example.text), example.dialog == NONE) for example in examples]
    telling = {number for number, is_none in numbers if not is_none}
    return frozenset(number for number, is_none in numbers if is_none and number is not None) - telling


def _head(found: list[tuple[Counted, Counted]], names: npt.NDArray[np.str_], *, balanced: bool) -> Head:
    """Weights that tell ``names`` apart. ``balanced``: a dialog with few examples is heard as easily as others."""
    from sklearn.linear_model import LogisticRegression

    rarity = _rarity(found)
    matrix = _matrix(found, rarity)
    used = np.flatnonzero(matrix.getnnz(axis=0))  # what is in no example has no weight, and takes no time
    known = tuple(sorted(set(names.tolist())))
    if len(known) == 1 or not len(used):  # of one name, or of examples without a word in common, nothing is learned
        return Head.rounded(known, np.zeros((len(known), features.BUCKETS)), np.zeros(len(known)), rarity)
    model = LogisticRegression(C=STRENGTH, max_iter=ITERATIONS, class_weight="balanced" if balanced else None)
    model.fit(matrix[:, used], names)
    weights, offsets = np.zeros((len(model.coef_), features.BUCKETS)), model.intercept_
    weights[:, used] = model.coef_
    if len(weights) == 1:  # of two names the first is the opposite of the second
        weights, offsets = np.vstack([-weights, weights]) / 2, np.concatenate([-offsets, offsets]) / 2
    if balanced:
        offsets = offsets + np.log(np.where(model.classes_ == NONE, NONE_MORE, 1.0))
    return Head.rounded(tuple(str(name) for name in model.classes_), weights, offsets, rarity)


def _matrix(found: list[tuple[Counted, Counted]], rarity: Halves) -> Any:
    from scipy.sparse import csr_matrix

    buckets, values, starts = [], [], [0]
    for letters, words in found:
        where, value = vector(letters, words, rarity)
        buckets.append(where)
        values.append(value)
        starts.append(starts[-1] + len(where))
    matrix = csr_matrix((np.concatenate(values), np.concatenate(buckets), starts), shape=(len(found), features.BUCKETS))
    matrix.sum_duplicates()
    matrix.eliminate_zeros()
    return matrix


def _spread(head: Head, names: tuple[str, ...]) -> Head:
    """The same with a column for every name; one without examples in this language is never likely in it."""
    columns = [head.names.index(name) if name in head.names else None for name in names]
    weights = np.zeros((features.BUCKETS, len(names)), np.int8)
    scales, offsets = np.ones(len(names), np.float32), np.full(len(names), UNHEARD_OF, np.float32)
    for at, column in enumerate(columns):
        if column is not None:
            weights[:, at] = head.weights[:, column]
            scales[at], offsets[at] = head.scales[column], head.offsets[column]
    return Head(names, weights, scales, offsets, head.rarity)


def _rarity(found: list[tuple[Counted, Counted]]) -> Halves:
    """How much each feature tells (inverse document frequency): letter groups in row 0, words in row 1."""
    seen = np.zeros((2, features.BUCKETS))
    for each in found:
        for row, counted in enumerate(each):
            seen[row, counted.buckets] += 1
    rarity = np.log((1 + len(found)) / (1 + seen)) + 1
    rarity[seen < SEEN_AT_LEAST] = 0
    return rarity.astype(np.float16)
