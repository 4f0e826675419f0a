"""The shape of `tone.yaml`: what the dialogs do not say, why, and what says it better."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from bot.authoring.patterns import pattern
from bot.authoring.shape import Id, LanguageId, True_, Words

ANY_LANGUAGE = "any"
"""Stands for a language where a rule holds in all of them."""


def _readable(text: str) -> str:
    pattern(text)
    return text


PatternText = Annotated[Words, AfterValidator(_readable)]
Short = Annotated[str, StringConstraints(min_length=1, max_length=110, strip_whitespace=True, pattern=r"[.?]$")]
"""A sentence that goes into a finding."""


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WhereShape(_Shape):
    """Where a rule holds."""

    dialogs: Literal["all", "topics", "safety"] = "all"
    text: Literal["all", "say", "label"] = "say"
    quotes: True_ | None = Field(None, description="Also between quotes, where somebody else speaks.")


class RuleShape(_Shape):
    """One turn of phrase to avoid."""

    reason: Short
    better: Short
    where: WhereShape = Field(default_factory=lambda: WhereShape.model_validate({}))
    at_most: Annotated[int, Field(ge=0)] = Field(0, description="So many in one dialog are fine.")
    words: Annotated[dict[LanguageId, list[PatternText]], Field(min_length=1)]
    but: dict[LanguageId, list[PatternText]] = Field(default_factory=dict)
    bad: dict[LanguageId, Words]
    good: dict[LanguageId, Words]

    @model_validator(mode="after")
    def _examples_in_each_language(self) -> Self:
        for key, examples in (("bad", self.bad), ("good", self.good)):
            if set(examples) != set(self.words):
                raise ValueError(f'"{key}" needs an example in {", ".join(self.words)}, and in no other language')
        if strange := set(self.but) - set(self.words):
            raise ValueError(f'"but" has {", ".join(sorted(strange))}, and "words" has not')
        return self


class LimitShape(_Shape):
    """How much a tired reader of this language can take."""

    words: Annotated[int, Field(ge=5)] = Field(description="The most words in one sentence.")
    lix: Annotated[int, Field(ge=15, le=60)] = Field(description="The highest LIX of a dialog.")


class ToneShape(_Shape):
    """How the dialogs speak, as far as a program can hear it."""

    rules: dict[Id, RuleShape]
    method_words: RuleShape
    limits: dict[LanguageId, LimitShape]
    counted: dict[LanguageId, list[Words]] = Field(
        default_factory=dict, description="What a large number may count without being a phone number."
    )
    names: list[Words] = Field(
        default_factory=list, description="Services that no dialog names, beside the directory's."
    )
