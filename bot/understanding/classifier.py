"""A small linear model over letter groups: how much a text resembles the examples of each dialog and language.

Trained by ``python -m bot train`` from ``dialogs/heard``; at run time it is one look-up a letter group.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.understanding import features

FORMAT = 2
WINDOW_WORDS = 40
"""Longer texts are heard in pieces of so many words, each overlapping the next by half: one sentence about danger
must not drown in a long story."""

Floats = npt.NDArray[np.float32]
Shares = npt.NDArray[np.float64]


class UnreadableModel(ValueError):
    """The model file is broken or of another edition; the message names it."""


@dataclass(frozen=True, slots=True)
class Head:
    """Weights for each name (rows) and feature (columns), as bytes with a scale a row."""

    names: tuple[str, ...]
    weights: npt.NDArray[np.int8]
    scales: Floats
    offsets: Floats

    @classmethod
    def rounded(cls, names: tuple[str, ...], weights: npt.NDArray[np.float64], offsets: Shares) -> Head:
        """Of exact weights."""
        scales = np.abs(weights).max(axis=1) / 127
        scales[scales == 0] = 1
        return cls(
            names,
            np.rint(weights / scales[:, None]).astype(np.int8),
            scales.astype(np.float32),
            offsets.astype(np.float32),
        )

    def shares(self, buckets: npt.NDArray[np.int64], values: Floats) -> Shares:
        """For each name how likely it is; they add up to 1."""
        scores = (self.weights[:, buckets].astype(np.float32) @ values) * self.scales + self.offsets
        likely = np.exp(scores.astype(np.float64) - float(scores.max()))
        shares: Shares = likely / likely.sum()
        return shares


@dataclass(frozen=True, slots=True)
class Classifier:
    """Which dialog and which language a text is like, and how rare each feature is."""

    dialogs: Head
    languages: Head
    rarity: Floats
    examples: str
    """The fingerprint of the examples it was trained on."""

    def shares(self, text: str) -> tuple[dict[str, float], dict[str, float]]:
        """For each dialog and ``none``, and for each language, how likely the text belongs there.

        Of a long text, each gets the share of the piece where it is highest.
        """
        words = text.split()
        pieces = [text]
        if len(words) > WINDOW_WORDS:
            starts = range(0, len(words) - WINDOW_WORDS // 2, WINDOW_WORDS // 2)
            pieces = [" ".join(words[at : at + WINDOW_WORDS]) for at in starts]
        dialogs, languages = [], []
        for piece in pieces:
            found = vector(piece, self.rarity)
            dialogs.append(self.dialogs.shares(*found))
            languages.append(self.languages.shares(*found))
        return (
            dict(zip(self.dialogs.names, np.max(dialogs, axis=0).tolist(), strict=True)),
            dict(zip(self.languages.names, np.mean(languages, axis=0).tolist(), strict=True)),
        )

    def save(self, path: Path) -> None:
        """Write the model; the same model gives the same bytes."""
        names = {"dialogs": self.dialogs.names, "languages": self.languages.names}
        meta = json.dumps({"format": FORMAT, **names, "examples": self.examples})
        parts = {"meta": np.frombuffer(meta.encode(), np.uint8), "rarity": self.rarity}
        for name, head in (("dialogs", self.dialogs), ("languages", self.languages)):
            parts |= {
                f"{name}_weights": head.weights,
                f"{name}_scales": head.scales,
                f"{name}_offsets": head.offsets,
            }
        beside = path.with_suffix(".tmp.npz")  # a kill in the middle leaves the old one
        with beside.open("wb") as file:
            np.savez_compressed(file, **parts)  # type: ignore[arg-type]  # numpy's own stub takes the names for flags
        beside.replace(path)

    @classmethod
    def load(cls, path: Path) -> Classifier:
        """Read what ``save`` wrote. Raises UnreadableModel."""
        try:
            with np.load(path, allow_pickle=False) as file:
                meta = json.loads(bytes(file["meta"]))
                if meta["format"] != FORMAT:
                    raise UnreadableModel(f"{path}: of another edition; run `python -m bot train`")
                heads = [
                    Head(
                        tuple(meta[name]),
                        file[f"{name}_weights"],
                        file[f"{name}_scales"],
                        file[f"{name}_offsets"],
                    )
                    for name in ("dialogs", "languages")
                ]
                return cls(heads[0], heads[1], file["rarity"], meta["examples"])
        except UnreadableModel:
            raise
        except Exception as error:  # numpy and zipfile raise many kinds for a broken file
            raise UnreadableModel(f"{path}: {type(error).__name__}; run `python -m bot train`") from None


def vector(text: str, rarity: Floats) -> tuple[npt.NDArray[np.int64], Floats]:
    """The features of ``text`` and their values: letter groups of length 1, words of length WORD_WEIGHT."""
    buckets, values = [], []
    for counted, weight, row in zip(features.counts(text), (1.0, features.WORD_WEIGHT), (0, 1), strict=True):
        where = np.fromiter(counted.keys(), np.int64, len(counted))
        value = np.fromiter(counted.values(), np.float32, len(counted)) * rarity[row, where]
        length = float(np.sqrt((value * value).sum())) or 1.0
        buckets.append(where)
        values.append(value * (weight / length))
    return np.concatenate(buckets), np.concatenate(values).astype(np.float32)
