"""The directory and its speaker as measuring asks them: for the same services over and over, at few moments.

They answer as the ones that they are made from. What was looked up or said once is kept as long as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.directory import Directory, Opening
from bot.directory.spoken import Detail, ServiceSpeaker, SpokenService
from bot.engine.model import Text
from bot.texts import Texts


@dataclass(frozen=True, slots=True)
class RememberingDirectory(Directory):
    """A directory that looks up each question once."""

    answers: dict[tuple[str, str, str, datetime], tuple[Opening, ...]] = field(default_factory=dict, compare=False)

    def services(self, region: str, kind: str, language: str, at: datetime) -> tuple[Opening, ...]:
        """As ``Directory.services``."""
        question = (region, kind, language, at)
        if question not in self.answers:
            self.answers[question] = Directory.services(self, *question)
        return self.answers[question]


class RememberingSpeaker(ServiceSpeaker):
    """A speaker that says each service once: in each language, at each moment, with as much about it.

    The directory holds its services and answers, so that the number Python knows one by stays its own.
    """

    def __init__(self, directory: RememberingDirectory, texts: Texts, phrases: Mapping[str, Text]) -> None:
        super().__init__(directory, texts, phrases)
        self._choices: dict[tuple[tuple[str, ...], str, str, datetime], list[Opening]] = {}
        self._shorts: dict[tuple[int, str, datetime], str] = {}
        self._longs: dict[tuple[int, str, datetime, int, bool], str] = {}
        self._named: dict[tuple[int, str], SpokenService] = {}

    def _choose(self, kinds: tuple[str, ...], region: str, language: str, at: datetime) -> list[Opening]:
        key = (kinds, region, language, at)
        if key not in self._choices:
            self._choices[key] = super()._choose(*key)
        return self._choices[key]

    def _spoken(self, opening: Opening, language: str) -> SpokenService:
        key = (id(opening), language)
        if key not in self._named:
            self._named[key] = super()._spoken(opening, language)
        return self._named[key]

    def _short(self, opening: Opening, language: str, at: datetime) -> str:
        key = (id(opening.service), language, at)
        if key not in self._shorts:
            self._shorts[key] = super()._short(opening, language, at)
        return self._shorts[key]

    def _long(self, opening: Opening, language: str, at: datetime, detail: Detail) -> str:
        key = (id(opening.service), language, at, detail.ways, detail.extras)
        if key not in self._longs:
            self._longs[key] = super()._long(opening, language, at, detail)
        return self._longs[key]
