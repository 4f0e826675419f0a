"""What rules about words share: every text taken apart once, and one place where a rule was broken."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.authoring.findings import Finding
from bot.authoring.said import Said
from bot.authoring.wording import sentences, tokens_of
from bot.texts import SOURCE_LANGUAGE

METHOD_WORDS = "method_words"
LONG_SENTENCE = "long_sentence"
NUMBER = "number_in_text"
SERVICE_NAME = "service_name_in_text"
EXCUSABLE = (METHOD_WORDS, LONG_SENTENCE, NUMBER, SERVICE_NAME)
"""What an exception beside a line can name, besides the rules of tone.yaml."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One text that goes against one rule, in one language."""

    said: Said
    rule: str
    language: str
    code: str
    message: str

    def finding(self) -> Finding:
        """This as a finding, at the Dutch line: that is where its exception would stand."""
        message = self.message if self.language == SOURCE_LANGUAGE else f"In {self.language!r}: {self.message}"
        return self.said.located.finding(self.code, self.said.path, message)


@dataclass(slots=True)
class Reading:
    """Everything said, each text taken apart once; the same label stands in many places."""

    everything: tuple[Said, ...]
    _tokens: dict[str, list[str]] = field(default_factory=dict)
    _sentences: dict[str, list[list[str]]] = field(default_factory=dict)

    def tokens(self, text: str) -> list[str]:
        """The words and signs of ``text``."""
        if text not in self._tokens:
            self._tokens[text] = tokens_of(text)
        return self._tokens[text]

    def sentences(self, text: str) -> list[list[str]]:
        """The words of each sentence of ``text``."""
        if text not in self._sentences:
            self._sentences[text] = list(sentences(self.tokens(text)))
        return self._sentences[text]

    def each(self) -> Iterator[tuple[Said, str, str]]:
        """Everything said in each language: the Dutch first."""
        for said in self.everything:
            for language, text in said.texts.items():
                yield said, language, text
