"""A small linear model over letter groups: how much a text resembles the examples of each dialog.

Trained by ``python -m bot train`` from ``dialogs/heard``; at run time it is one look-up a letter group.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.understanding import features

HEARD = "heard"
"""The folder below ``dialogs`` that holds example messages and the model."""
MODEL_FILE = "ear.npz"
FORMAT = 1

WINDOW_WORDS = 40
"""Longer texts are heard in pieces of so many words, each overlapping the next by half: one sentence about danger
must not drown in a long story."""


class UnreadableModel(ValueError):
    """The model file is broken or of another edition; the message names it."""


@dataclass(frozen=True, slots=True)
class Classifier:
    """Weights for each dialog (rows) and feature (columns), as bytes with a scale a row; and how rare features are."""

    classes: tuple[str, ...]
    weights: npt.NDArray[np.int8]
    scales: npt.NDArray[np.float32]
    offsets: npt.NDArray[np.float32]
    rarity: npt.NDArray[np.float32]
    examples: str
    """The fingerprint of the examples it was trained on."""

    def shares(self, text: str) -> dict[str, float]:
        """For each dialog and ``none`` how likely the text belongs there; they add up to 1.

        Of a long text, each dialog gets the share of the piece where it is highest.
        """
        words = text.split()
        if len(words) <= WINDOW_WORDS:
            best = self._shares(text)
        else:
            pieces = range(0, len(words) - WINDOW_WORDS // 2, WINDOW_WORDS // 2)
            best = np.max([self._shares(" ".join(words[at : at + WINDOW_WORDS])) for at in pieces], axis=0)
        return dict(zip(self.classes, best.tolist(), strict=True))

    def _shares(self, text: str) -> npt.NDArray[np.float64]:
        buckets, values = vector(text, self.rarity)
        scores = (self.weights[:, buckets].astype(np.float32) @ values) * self.scales + self.offsets
        likely = np.exp(scores.astype(np.float64) - float(scores.max()))
        shares: npt.NDArray[np.float64] = likely / likely.sum()
        return shares

    def save(self, path: Path) -> None:
        """Write the model; the same model gives the same bytes."""
        meta = json.dumps({"format": FORMAT, "classes": self.classes, "examples": self.examples})
        with path.open("wb") as file:
            np.savez_compressed(
                file,
                meta=np.frombuffer(meta.encode(), np.uint8),
                weights=self.weights,
                scales=self.scales,
                offsets=self.offsets,
                rarity=self.rarity,
            )

    @classmethod
    def load(cls, path: Path) -> Classifier:
        """Read what ``save`` wrote. Raises UnreadableModel."""
        try:
            with np.load(path, allow_pickle=False) as file:
                meta = json.loads(bytes(file["meta"]))
                if meta["format"] != FORMAT:
                    raise UnreadableModel(f"{path}: of another edition; run `python -m bot train`")
                return cls(
                    tuple(meta["classes"]),
                    file["weights"],
                    file["scales"],
                    file["offsets"],
                    file["rarity"],
                    meta["examples"],
                )
        except UnreadableModel:
            raise
        except Exception as error:  # numpy and zipfile raise many kinds for a broken file
            raise UnreadableModel(f"{path}: {type(error).__name__}; run `python -m bot train`") from None


def vector(text: str, rarity: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
    """The features of ``text`` and their values: letter groups of length 1, words of length WORD_WEIGHT."""
    buckets, values = [], []
    for counted, weight, row in zip(features.counts(text), (1.0, features.WORD_WEIGHT), (0, 1), strict=True):
        where = np.fromiter(counted.keys(), np.int64, len(counted))
        value = np.fromiter(counted.values(), np.float32, len(counted)) * rarity[row, where]
        length = float(np.sqrt((value * value).sum())) or 1.0
        buckets.append(where)
        values.append(value * (weight / length))
    return np.concatenate(buckets), np.concatenate(values).astype(np.float32)
