"""The shape of `heard/<language>/rules.yaml`: words that mean danger, each rule with examples for and against."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from bot.authoring.patterns import pattern
from bot.authoring.shape import Id, Words
from bot.texts.normalise import normalise


def _readable(text: str) -> str:
    pattern(text, normalise)
    return text


_ALIKE = re.compile(r"\{(\w+)\}")
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

    alike: dict[Id, PatternText] = Field(
        default_factory=dict, description="Words that mean the same in many rules; there they are written {name}."
    )
    rules: Annotated[dict[Id, SafetyRuleShape], Field(min_length=1)]

    @model_validator(mode="before")
    @classmethod
    def _spelled_out(cls, written: Any) -> Any:
        """The same, each {name} in ``words`` and ``but`` replaced; what is no such file, the fields refuse."""
        if not isinstance(written, dict):
            return written
        alike, rules = written.get("alike"), written.get("rules")
        if not isinstance(alike, dict) or not isinstance(rules, dict):
            return written
        return {**written, "rules": {name: _spelled_out(rule, alike) for name, rule in rules.items()}}


def _spelled_out(rule: Any, alike: dict[Any, Any]) -> Any:
    def spelled(text: Any) -> Any:
        return _ALIKE.sub(lambda found: str(alike.get(found[1], found[0])), text) if isinstance(text, str) else text

    if not isinstance(rule, dict):
        return rule
    lists = {key: rule[key] for key in ("words", "but") if isinstance(rule.get(key), list)}
    return {**rule, **{key: [spelled(text) for text in texts] for key, texts in lists.items()}}
