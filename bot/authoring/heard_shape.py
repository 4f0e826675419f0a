"""The shape of `heard/<language>/rules.yaml`: words that mean danger, each rule with examples for and against."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bot.authoring.patterns import pattern
from bot.authoring.shape import Id, Words
from bot.texts.normalise import normalise


def _readable(text: str) -> str:
    for slot in pattern(text, normalise).slots:
        for each in (*slot.exact, *slot.beginnings, *slot.endings) if slot is not None else ():
            if len(each.split()) != 1:
                raise ValueError(f'"{text}": as parents\' messages are read, "{each}" is not one word')
    return text


PatternText = Annotated[Words, AfterValidator(_readable)]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SafetyRuleShape(_Shape):
    """One way to say that there is danger."""

    opens: Id = Field(description="The safety dialog that opens.")
    words: Annotated[list[PatternText], Field(min_length=1, description="Sequences that mean it.")]
    but: list[PatternText] = Field(default_factory=list, description="Longer sequences that do not mean it.")
    for_: Annotated[list[Words], Field(alias="for", min_length=1, description="Messages in which it is heard.")]
    against: Annotated[list[Words], Field(min_length=1, description="Messages in which it is not heard.")]


class SafetyRulesShape(_Shape):
    """Every rule of one language, by its id."""

    rules: Annotated[dict[Id, SafetyRuleShape], Field(min_length=1)]
