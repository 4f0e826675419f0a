"""The JSON Schema that editors use: sound in itself, it takes every dialog and refuses what the checker refuses."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.authoring.check import Checked
from bot.authoring.located import locate
from bot.authoring.shape import DialogShape, dialog_schema, keys_at
from bot.authoring.validate import validate
from tests.authoring.content import BASE
from tests.authoring.test_shapes import DIALOGS

ROOT = Path(__file__).parents[2]
SCHEMA = dialog_schema()
TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "object": (dict,),
    "array": (list,),
    "boolean": (bool,),
    "number": (int, float),
    "integer": (int,),
    "null": (type(None),),
}
KNOWN = {
    *("$defs", "$ref", "$schema", "additionalProperties", "anyOf", "const", "default", "description", "enum"),
    *("format", "items", "maxItems", "maxLength", "maximum", "minItems", "minLength", "minimum", "minProperties"),
    *("oneOf", "pattern", "patternProperties", "properties", "propertyNames", "required", "title", "type"),
}


class EditorLoader(yaml.SafeLoader):
    """Types as editors give them: YAML 1.2, where only true and false are booleans and a date is a text."""


EditorLoader.yaml_implicit_resolvers = {
    sign: [
        (tag, pattern)
        for tag, pattern in resolvers
        if tag in ("tag:yaml.org,2002:null", "tag:yaml.org,2002:int", "tag:yaml.org,2002:float")
    ]
    for sign, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
EditorLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(true|false)$"), list("tf"))


def errors(value: Any, block: dict[str, Any], path: str = "") -> list[str]:
    """What is wrong with ``value``; knows exactly the words of JSON Schema that ours uses."""
    assert set(block) <= KNOWN, set(block) - KNOWN
    if "$ref" in block:
        return errors(value, SCHEMA["$defs"][block["$ref"].removeprefix("#/$defs/")], path)
    found: list[str] = []
    for word, least in (("anyOf", 1), ("oneOf", 1)):
        if word in block:
            fitting = sum(not errors(value, each, path) for each in block[word])
            if fitting < least or (word == "oneOf" and fitting != 1):
                found.append(f"{path}: {fitting} of {word}")
    if "type" in block:
        allowed = TYPES[block["type"]]
        if not isinstance(value, allowed) or (isinstance(value, bool) and bool not in allowed):
            return [*found, f"{path}: no {block['type']}"]
    if "const" in block and value != block["const"]:
        found.append(f"{path}: not {block['const']}")
    if "enum" in block and value not in block["enum"]:
        found.append(f"{path}: none of {block['enum']}")
    if isinstance(value, str):
        found += [f"{path}: pattern" for _ in range("pattern" in block and not re.search(block["pattern"], value))]
        if not block.get("minLength", 0) <= len(value) <= block.get("maxLength", len(value)):
            found.append(f"{path}: length")
    if isinstance(value, int | float) and not block.get("minimum", value) <= value <= block.get("maximum", value):
        found.append(f"{path}: size")
    if isinstance(value, list):
        if not block.get("minItems", 0) <= len(value) <= block.get("maxItems", len(value)):
            found.append(f"{path}: items")
        found += [row for at, each in enumerate(value) for row in errors(each, block.get("items", {}), f"{path}/{at}")]
    if isinstance(value, dict):
        found += _object_errors(value, block, path)
    return found


def _object_errors(value: dict[Any, Any], block: dict[str, Any], path: str) -> list[str]:
    found = [f"{path}: {key} is missing" for key in block.get("required", ()) if key not in value]
    if len(value) < block.get("minProperties", 0):
        found.append(f"{path}: empty")
    for key, inner in value.items():
        if "propertyNames" in block:
            found += errors(key, block["propertyNames"], f"{path}/{key}")
        fitting = [each for pattern, each in block.get("patternProperties", {}).items() if re.search(pattern, str(key))]
        fitting += [block["properties"][key]] if key in block.get("properties", {}) else []
        if not fitting and block.get("additionalProperties") is False:
            found.append(f"{path}: {key} is unknown")
        found += [row for each in fitting for row in errors(inner, each, f"{path}/{key}")]
    return found


def blocks(value: Any) -> list[dict[str, Any]]:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [*([value] if isinstance(value, dict) else []), *(each for part in inner for each in blocks(part))]


def test_it_is_a_schema_that_stands_on_its_own() -> None:
    """Every reference resolves, every pattern is one, it is plain JSON, and it says which draft it is of."""
    assert json.loads(json.dumps(SCHEMA)) == SCHEMA
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    references = [block["$ref"] for block in blocks(SCHEMA) if isinstance(block.get("$ref"), str)]
    assert references
    assert {each.removeprefix("#/$defs/") for each in references} <= set(SCHEMA["$defs"])
    for block in blocks(SCHEMA):
        if isinstance(block.get("pattern"), str):
            re.compile(block["pattern"])
        if block.get("type") == "object" and "properties" in block:
            assert block["additionalProperties"] is False
            assert set(block.get("required", ())) <= set(block["properties"])


def test_editors_can_explain_a_node() -> None:
    """What a key is for is said where the editor shows it."""
    node = SCHEMA["$defs"]["NodeShape"]
    assert "exactly one way" in node["description"]
    assert set(node["properties"]) == {"say", "signpost", "choices", "ask", "go", "end", "note"}
    assert SCHEMA["required"] == ["dialog", "title", "start", "nodes"]


DIALOG_FILES = [*BASE.glob("dialogs/*/*.yaml"), BASE / "dialogs/menu.yaml"]


def test_it_takes_the_dialogs_of_the_base() -> None:
    files = [path for path in DIALOG_FILES if path.parent.name != "directory"]
    assert len(files) == 10
    for path in files:
        assert errors(yaml.load(path.read_text("utf-8"), EditorLoader), SCHEMA, path.name) == []


def test_it_takes_every_shipped_dialog(shipped: Checked) -> None:
    """Read with types as an editor reads it."""
    assert len(shipped.book.dialogs) > 20
    for file in shipped.book.dialogs.values():
        text = (ROOT / file.located.name).read_text("utf-8")
        assert errors(yaml.load(text, EditorLoader), SCHEMA, file.located.name) == []


@pytest.mark.parametrize(("where", "written", "code"), [(row[0], row[1], row[4]) for row in DIALOGS])
def test_it_refuses_what_the_checker_refuses(where: str, written: str, code: str) -> None:
    """Every wrong shape is red in the editor already, but for days that are none (`format` only advises)."""
    text = where.replace("{}", written)
    file, _ = locate(text.encode(), "x.yaml")
    assert file is not None
    assert [each.code for each in validate(file, DialogShape)[1]] == [code]
    if "on:" not in written:
        assert errors(yaml.load(text, EditorLoader), SCHEMA), text


def test_the_keys_of_every_place() -> None:
    """Which keys can stand where, for the hint at a wrong one; more may come."""
    assert keys_at(DialogShape, ())[:3] == ["dialog", "title", "sources"]
    assert keys_at(DialogShape, ("reviewed",))[:2] == ["by", "on"]
    assert keys_at(DialogShape, ("nodes", "hello", "choices", "a"))[:5] == ["label", "go", "when", "set", "do"]
    assert set(keys_at(DialogShape, ("nodes", "hello", "say", 0))) >= {"paced", "text", "when", "note"}
    assert keys_at(DialogShape, ("nodes", "hello", "say", 3, "paced", "frames", 1)) == ["text", "seconds"]
    assert keys_at(DialogShape, ("title",)) == keys_at(DialogShape, ("nowhere", 1)) == []
