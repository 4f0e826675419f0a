"""The shape of a dialog file. Also the source of the JSON Schema that editors use.

All YAML scalars arrive as strings; pydantic turns the few that are numbers or dates into what they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, StringConstraints, Tag

from bot.engine.model import MAX_SIGNPOST_KINDS

Schema = dict[str, Any]

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=24)]
SourceId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_]*$", max_length=40)]
LanguageId = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
Words = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
GoTo = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9_]*(/[a-z][a-z0-9_]*)?$"),
    Field(description="A node of this dialog, a dialog, dialog/node, menu, or return."),
]

NodeName = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9_]*/[a-z][a-z0-9_]*$"),
    Field(description="dialog/node"),
]


def _nothing(value: object) -> object:
    """YAML's ways to write nothing; the loader gives them as text."""
    return None if value in ("", "~", "null") else value


def _true(value: object) -> object:
    return True if value == "true" else value


True_ = Annotated[Literal[True], BeforeValidator(_true)]
Exceptions = Annotated[
    dict[Id, Words],
    Field(min_length=1, description="Rules of tone.yaml that this may go against, each with the reason."),
]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WhenShape(_Shape):
    """Equality on a short closed list; every part has to hold."""

    time: Literal["day", "night"] | None = Field(None, description="night is 22:00 to 06:00 for the parent.")
    region: Literal["be", "nl", "elsewhere"] | None = None
    chosen: Id | None = Field(None, description="The id of a choice of this dialog that was chosen before.")


class FrameShape(_Shape):
    """One stage of a paced bubble."""

    text: Words
    seconds: Annotated[float, Field(ge=1, le=30)]


class PacedBodyShape(_Shape):
    """What a paced bubble shows, and in the end."""

    rounds: Annotated[int, Field(ge=1, le=20)] = 1
    frames: Annotated[list[FrameShape], Field(min_length=1, max_length=10)]
    last: Words


class PacedShape(_Shape):
    """A bubble that the bot edits over time."""

    paced: PacedBodyShape
    when: WhenShape | None = None
    note: Words | None = None
    tone: Exceptions | None = Field(None, exclude=True)


class LineShape(_Shape):
    """A bubble with a condition or a note for translators."""

    text: Words
    when: WhenShape | None = None
    note: Words | None = Field(None, description="For translators, in English.")
    tone: Exceptions | None = Field(None, exclude=True)


def _say_kind(value: Any) -> str:
    if isinstance(value, str):
        return "text"
    if isinstance(value, PacedShape) or (isinstance(value, dict) and "paced" in value):
        return "paced"
    return "line"


SayShape = Annotated[
    Annotated[Words, Tag("text")] | Annotated[PacedShape, Tag("paced")] | Annotated[LineShape, Tag("line")],
    Discriminator(_say_kind),
]


class SetShape(_Shape):
    """What a choice settles for good."""

    region: Literal["be", "nl", "elsewhere"] | None = None
    language: LanguageId | None = None


class ChoiceShape(_Shape):
    """A button."""

    label: Words
    go: GoTo
    when: WhenShape | None = None
    set: SetShape | None = None
    do: Literal["forget", "wipe", "wipe_and_forget", "check_in_morning", "check_in_evening", "no_check_in"] | None = (
        None
    )
    note: Words | None = Field(None, description="For translators, in English.")
    tone: Exceptions | None = Field(None, exclude=True)


class SkipShape(_Shape):
    """The button under an invitation to write: not writing is fine."""

    label: Words
    go: GoTo
    tone: Exceptions | None = Field(None, exclude=True)


class AskShape(_Shape):
    """Free text is invited, read, answered by the script, and let go; or kept, where the parent chose that."""

    go: GoTo
    keep: True_ | None = Field(None, description="What is written here is kept as a note.")
    skip: SkipShape


class NodeShape(_Shape):
    """One place in a dialog. It goes on in exactly one way: choices, ask, go or end."""

    say: list[SayShape] = Field(default_factory=list)
    signpost: Annotated[list[Id], Field(min_length=1, max_length=MAX_SIGNPOST_KINDS)] | None = None
    choices: dict[Id, ChoiceShape] | None = None
    ask: AskShape | None = None
    go: GoTo | None = None
    end: True_ | None = None
    note: Words | None = Field(None, description="For translators, in English; for every sentence of the node.")


class ReviewShape(_Shape):
    """Who reviewed the dialog, when, and which edition of its text (as `review` and `check` tell it)."""

    by: Words
    on: date
    text: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{12}$")] | None = None


class DialogShape(_Shape):
    """One dialog file."""

    dialog: Id
    title: Words
    sources: list[SourceId] = Field(default_factory=list)
    reviewed: Annotated[ReviewShape | None, BeforeValidator(_nothing)] = None
    aside: True_ | None = Field(None, description="Visiting it remembers where the parent was, for `return`.")
    check_in: True_ | None = Field(None, description="Its end offers a message tomorrow, as that of every topic does.")
    related: list[Id] = Field(default_factory=list)
    triggers: dict[LanguageId, list[Words]] = Field(default_factory=dict)
    start: Id
    nodes: Annotated[dict[Id, NodeShape], Field(min_length=1)]


class PhraseShape(_Shape):
    """A fixed sentence with a note for translators."""

    text: Words
    note: Words
    tone: Exceptions | None = Field(None, exclude=True)


class PhrasesShape(_Shape):
    """All fixed sentences and button labels."""

    phrases: dict[
        Id,
        Annotated[
            Annotated[Words, Tag("text")] | Annotated[PhraseShape, Tag("noted")],
            Discriminator(lambda value: "text" if isinstance(value, str) else "noted"),
        ],
    ]


class SourceShape(_Shape):
    """Where an idea or a fact comes from."""

    title: Words
    author: Words | None = None
    publisher: Words | None = None
    year: int | None = None
    url: Words | None = None
    note: Words | None = None


class BeliefShape(_Shape):
    """What the dialogs hold to be true, or a risk they answer, and where a parent reads it."""

    says: Words
    nodes: Annotated[list[NodeName], Field(min_length=1)]


class SourcesShape(_Shape):
    """All sources by id; and the beliefs and risks of the first of them, with the nodes that carry them."""

    sources: dict[SourceId, SourceShape]
    beliefs: dict[Id, BeliefShape] = Field(default_factory=dict)
    risks: dict[Id, BeliefShape] = Field(default_factory=dict)


def dialog_schema() -> Schema:
    """The JSON Schema (draft 2020-12) of a dialog file."""
    schema = DialogShape.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "Keukentafel dialog"
    for block in _blocks(schema):
        if "anyOf" in block and block is not schema["properties"]["reviewed"]:
            _refuse_nothing(block)
        if "patternProperties" in block:
            block["additionalProperties"] = False  # else an editor takes any word for an id
    return schema


def _refuse_nothing(block: Schema) -> None:
    """A key that may be left out may not be left empty; only ``reviewed: null`` says something."""
    kinds = [each for each in block["anyOf"] if each != {"type": "null"}]
    if len(kinds) == 1:
        del block["anyOf"], block["default"]
        block |= kinds[0] | block


def keys_at(shape: type[BaseModel], path: Sequence[str | int]) -> list[str]:
    """The keys that ``shape`` knows in the block at ``path``, in their order; of every kind that can stand there."""
    schema = shape.model_json_schema()
    found = list(_unfolded(schema, schema))
    for part in path:
        inner = [each for block in found for each in _inside(block, part)]
        found = [block for each in inner for block in _unfolded(each, schema)]
    return list(dict.fromkeys(key for block in found for key in block.get("properties", {})))


def _inside(block: Schema, part: str | int) -> list[Schema]:
    if isinstance(part, int):
        return [block["items"]] if "items" in block else []
    if part in block.get("properties", {}):
        return [block["properties"][part]]
    any_name = [*block.get("patternProperties", {}).values(), block.get("additionalProperties")]
    return [each for each in any_name if isinstance(each, dict)]


def _unfolded(block: Schema, schema: Schema) -> Iterator[Schema]:
    """``block`` itself, or what it refers to, or every alternative it has."""
    if "$ref" in block:
        yield from _unfolded(schema["$defs"][block["$ref"].rpartition("/")[2]], schema)
    for each in (*block.get("anyOf", ()), *block.get("oneOf", ())):
        yield from _unfolded(each, schema)
    yield block


def _blocks(value: object) -> Iterator[Schema]:
    """Every block of a schema, however deep."""
    if isinstance(value, dict):
        yield value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for each in inner:
        yield from _blocks(each)
