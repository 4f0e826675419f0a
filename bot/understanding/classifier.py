"""Small linear models over letter groups: which language a text is in, and which dialog's examples it resembles.

Each language has a model of its own; what they say is weighed by how likely the text is in that language, whatever
language was chosen: parents at night mix them.

Trained by ``python -m bot train`` from ``dialogs/heard``; at run time it is one look-up a letter group.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.understanding import features

FORMAT = 3
OF_LANGUAGE = 0.05
"""A text is not looked at in a language that it is less likely in."""
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
    """Which language and which dialog a text is like, and how rare each feature is."""

    languages: Head
    dialogs: Mapping[str, Head]
    """By language. Each has the same names, in the same order."""
    rarity: Floats
    examples: str
    """The fingerprint of the examples it was trained on."""

    def shares(self, text: str) -> tuple[dict[str, float], dict[str, float]]:
        """For each dialog and ``none``, and for each language, how likely the text belongs there.

        Of a long text, each dialog gets the share of the piece where it is highest.
        """
        words = text.split()
        pieces = [text]
        if len(words) > WINDOW_WORDS:
            starts = range(0, len(words) - WINDOW_WORDS // 2, WINDOW_WORDS // 2)
            pieces = [" ".join(words[at : at + WINDOW_WORDS]) for at in starts]
        found = [vector(piece, self.rarity) for piece in pieces]
        languages = np.mean([self.languages.shares(*each) for each in found], axis=0)
        dialogs = np.max([self._weighed(languages, *each) for each in found], axis=0)
        return (
            dict(zip(next(iter(self.dialogs.values())).names, dialogs.tolist(), strict=True)),
            dict(zip(self.languages.names, languages.tolist(), strict=True)),
        )

    def _weighed(self, languages: Shares, buckets: npt.NDArray[np.int64], values: Floats) -> Shares:
        """What the models of the likely languages say, each as much as its language is likely."""
        likely = np.where(languages >= min(OF_LANGUAGE, float(languages.max())), languages, 0.0)
        likely /= likely.sum()
        said = [
            share * self.dialogs[name].shares(buckets, values)
            for name, share in zip(self.languages.names, likely.tolist(), strict=True)
            if share
        ]
        shares: Shares = np.sum(said, axis=0)
        return shares

    def save(self, path: Path) -> None:
        """Write the model; the same model gives the same bytes."""
        meta = {"format": FORMAT, "languages": self.languages.names, "examples": self.examples}
        meta["dialogs"] = next(iter(self.dialogs.values())).names
        parts = {"meta": np.frombuffer(json.dumps(meta).encode(), np.uint8), "rarity": self.rarity}
        for name, head in (("", self.languages), *self.dialogs.items()):
            parts |= {f"weights_{name}": head.weights, f"scales_{name}": head.scales, f"offsets_{name}": head.offsets}
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

                def head(name: str, names: list[str]) -> Head:
                    return Head(tuple(names), file[f"weights_{name}"], file[f"scales_{name}"], file[f"offsets_{name}"])

                languages = head("", meta["languages"])
                dialogs = {each: head(each, meta["dialogs"]) for each in languages.names}
                return cls(languages, dialogs, file["rarity"], meta["examples"])
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
