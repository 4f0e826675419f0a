"""Small linear models over letter groups: which language a text is in, and which dialog's examples it resembles.

Each language has a model of its own; what they say is weighed by how likely the text is in that language, whatever
language was chosen: parents at night mix them.

Trained by ``python -m bot train`` from ``dialogs/heard``; at run time it is one look-up a letter group.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from threading import Lock
from zipfile import ZipFile

import numpy as np
import numpy.typing as npt
from numpy.lib.npyio import NpzFile

from bot.authoring.examples import NONE
from bot.texts.normalise import normalise
from bot.understanding import features
from bot.understanding.features import Counted

FORMAT = 6
OF_LANGUAGE = 0.05
"""A text is not looked at in a language that it is less likely in."""
WINDOW_WORDS = 40
"""Longer texts are heard in pieces of so many words, each overlapping the next by half: one sentence about danger
must not drown in a long story."""
PARTS = ("weights", "scales", "offsets", "rarity")
"""Of a head, in the file."""

FILLER_WORDS = 3
"""Of small talk that is known as it is: "mijn man", "weet niet". So little says nothing to letter groups."""

Floats = npt.NDArray[np.float32]
Halves = npt.NDArray[np.float16]
Shares = npt.NDArray[np.float64]


class UnreadableModel(ValueError):
    """The model file is broken or of another edition; the message names it."""


@dataclass(frozen=True, slots=True)
class Head:
    """Weights for each feature (rows) and name (columns), as bytes with a scale a name."""

    names: tuple[str, ...]
    weights: npt.NDArray[np.int8]
    scales: Floats
    offsets: Floats
    rarity: Halves
    """How much each feature tells: letter groups in row 0, words in row 1. What is common in one language is rare in
    another; so each head has its own."""

    @classmethod
    def rounded(cls, names: tuple[str, ...], weights: npt.NDArray[np.float64], offsets: Shares, rarity: Halves) -> Head:
        """Of exact weights, a row for each name."""
        scales = np.abs(weights).max(axis=1) / 127
        scales[scales == 0] = 1
        return cls(
            names,
            np.ascontiguousarray(np.rint(weights / scales[:, None]).T, np.int8),
            scales.astype(np.float32),
            offsets.astype(np.float32),
            rarity,
        )

    def shares(self, letters: Counted, words: Counted) -> Shares:
        """For each name how likely it is; they add up to 1."""
        buckets, values = vector(letters, words, self.rarity)
        scores = (values @ self.weights[buckets].astype(np.float32)) * self.scales + self.offsets
        likely = np.exp(scores.astype(np.float64) - float(scores.max()))
        shares: Shares = likely / likely.sum()
        return shares


@dataclass(frozen=True, slots=True)
class Classifier:
    """Which language and which dialog a text is like."""

    languages: Head
    names: tuple[str, ...]
    """The dialogs, and ``none``."""
    dialogs: Mapping[str, Head]
    """By language. Each has these names, in this order."""
    fillers: frozenset[int]
    """The numbers (``filler``) of small talk of few words that stands among the examples, and for nothing else."""
    examples: str
    """The fingerprint of the examples it was trained on."""

    def shares(self, text: str) -> tuple[dict[str, float], dict[str, float]]:
        """For each dialog and ``none``, and for each language, how likely the text belongs there.

        Of a long text, each dialog gets the share of the piece where it is highest.
        """
        words = text.split()
        known = filler(text) in self.fillers
        pieces = [text]
        if len(words) > WINDOW_WORDS:
            starts = range(0, len(words) - WINDOW_WORDS // 2, WINDOW_WORDS // 2)
            pieces = [" ".join(words[at : at + WINDOW_WORDS]) for at in starts]
        found = [features.counted(piece) for piece in pieces]
        languages = np.mean([self.languages.shares(*each) for each in found], axis=0)
        if known:
            dialogs = np.array([float(name == NONE) for name in self.names])
        else:
            dialogs = np.max([self._weighed(languages, *each) for each in found], axis=0)
        return (
            dict(zip(self.names, dialogs.tolist(), strict=True)),
            dict(zip(self.languages.names, languages.tolist(), strict=True)),
        )

    def _weighed(self, languages: Shares, letters: Counted, words: Counted) -> Shares:
        """What the models of the likely languages say, each as much as its language is likely."""
        likely = np.where(languages >= min(OF_LANGUAGE, float(languages.max())), languages, 0.0)
        likely /= likely.sum()
        said = [
            share * self.dialogs[name].shares(letters, words)
            for name, share in zip(self.languages.names, likely.tolist(), strict=True)
            if share
        ]
        shares: Shares = np.sum(said, axis=0)
        return shares

    def save(self, path: Path) -> None:
        """Write the model; the same model gives the same bytes."""
        meta = {"format": FORMAT, "languages": self.languages.names, "examples": self.examples}
        meta["dialogs"] = self.names
        parts = {"meta": np.frombuffer(json.dumps(meta).encode(), np.uint8)}
        parts["fillers"] = np.array(sorted(self.fillers), np.uint64)
        for name, head in (("", self.languages), *self.dialogs.items()):
            parts |= {f"{part}_{name}": getattr(head, part) for part in PARTS}
        beside = path.with_suffix(".tmp.npz")  # a kill in the middle leaves the old one
        with beside.open("wb") as file:
            np.savez_compressed(file, **parts)  # type: ignore[arg-type]  # numpy's own stub takes the names for flags
        beside.replace(path)

    @classmethod
    def load(cls, path: Path) -> Classifier:
        """Read what ``save`` wrote; what a language needs, when it is first met. Raises UnreadableModel."""
        try:
            with path.open("rb") as opened, ZipFile(opened) as whole:
                if broken := whole.testzip():
                    raise UnreadableModel(f"{path}: {broken} is broken; run `python -m bot train`")
            file = np.load(path, allow_pickle=False)  # stays open: a newer model takes the place of the file, not of it
            meta = json.loads(bytes(file["meta"]))
            if meta["format"] != FORMAT:
                raise UnreadableModel(f"{path}: of another edition; run `python -m bot train`")
            languages = _head(file, "", tuple(meta["languages"]))
            names = tuple(meta["dialogs"])
            fillers = frozenset(file["fillers"].tolist())
            return cls(languages, names, _Heads(file, languages.names, names), fillers, meta["examples"])
        except UnreadableModel:
            raise
        except Exception as error:  # numpy and zipfile raise many kinds for a broken file
            raise UnreadableModel(f"{path}: {type(error).__name__}; run `python -m bot train`") from None


class _Heads(Mapping[str, Head]):
    """The model of each language, read when it is first asked for: most services meet a few of them."""

    def __init__(self, file: NpzFile, languages: Iterable[str], dialogs: tuple[str, ...]) -> None:
        self._file = file
        self._dialogs = dialogs
        self._read: dict[str, Head | None] = dict.fromkeys(languages)
        self._lock = Lock()
        missing = {f"{part}_{each}" for part in PARTS for each in self._read} - set(file.files)
        if missing:
            raise KeyError(min(missing))

    def __getitem__(self, language: str) -> Head:
        with self._lock:
            head = self._read[language]
            if head is None:
                head = self._read[language] = _head(self._file, language, self._dialogs)
            return head

    def __iter__(self) -> Iterator[str]:
        return iter(self._read)

    def __len__(self) -> int:
        return len(self._read)


def _head(file: NpzFile, name: str, names: tuple[str, ...]) -> Head:
    return Head(names, *(file[f"{part}_{name}"] for part in PARTS))


def filler(text: str) -> int | None:
    """The number of a text of few words, the same however it is capitalised or accented; None for a longer one."""
    words = normalise(text).split()
    if not 0 < len(words) <= FILLER_WORDS:
        return None
    return int.from_bytes(blake2b(" ".join(words).encode(), digest_size=8).digest())


def vector(letters: Counted, words: Counted, rarity: Halves) -> tuple[npt.NDArray[np.int64], Floats]:
    """Where the features of a text are kept, and their values: letter groups of length 1, words of WORD_WEIGHT."""
    values = []
    for (buckets, counts), weight, rare in zip((letters, words), (1.0, features.WORD_WEIGHT), rarity, strict=True):
        value = counts * rare[buckets].astype(np.float32)
        length = float(np.sqrt((value * value).sum())) or 1.0
        values.append(value * np.float32(weight / length))
    return np.concatenate([letters.buckets, words.buckets]), np.concatenate(values)
