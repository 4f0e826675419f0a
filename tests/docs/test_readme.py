"""What exists stands in the README, and what stands there exists."""

from __future__ import annotations

import argparse
import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import cli
from bot.conversation.companion import Companion
from bot.engine.model import Kind
from tests.docs.markdown import ROOT, Page, spans

README = Page.at("README.md")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")


def _commands() -> dict[str, argparse.ArgumentParser]:
    actions = cli._parser()._actions
    return {
        name: each for action in actions if isinstance(action.choices, dict) for name, each in action.choices.items()
    }


COMMANDS = _commands()
TOLD = {spans(row[0])[0]: " ".join(row) for row in README.section("Commands").rows}


def test_each_command_stands_there() -> None:
    """The table of commands has a row for each command, and no other."""
    assert set(TOLD) == set(COMMANDS)
    assert len(COMMANDS) > 5


@pytest.mark.parametrize("command", COMMANDS)
def test_each_option_stands_there(command: str) -> None:
    """The row of a command names each of its options, and each choice they have, and no other option."""
    actions = [action for action in COMMANDS[command]._actions if action.dest != "help"]
    options = {option for action in actions for option in action.option_strings}
    assert options == set(re.findall(r"--[a-z-]+", TOLD[command]))
    for action in actions:
        for choice in action.choices or ():
            if action.dest != "region":
                assert choice in " ".join(spans(TOLD[command])), (action.dest, choice)


@pytest.mark.parametrize("command", COMMANDS)
def test_each_argument_stands_there(command: str) -> None:
    """The row of a command names what it takes without an option, as its help does."""
    arguments = [str(action.metavar) for action in COMMANDS[command]._actions if not action.option_strings]
    assert set(arguments) <= set(spans(TOLD[command]))


def test_the_exit_codes() -> None:
    """The exit codes are told as they are."""
    assert f"{cli.FINE} fine, {cli.FINDINGS} findings, {cli.WRONG} wrong usage" in README.section("Commands").text


def _variables() -> Iterator[str]:
    """Every environment variable that the code reads: looked up in, or handed on with, something called env,
    or by what Python has for proxies.
    """
    for path in (ROOT / "bot").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Name(reader), args=[ast.Name("env") | ast.Dict(), ast.Constant(str(name)), *_]):
                    yield name
                    if reader == "_secret":
                        yield f"{name}_FILE"
                case ast.Call(func=ast.Attribute(value=ast.Name("env")), args=[ast.Constant(str(name)), *_]):
                    yield name
                case ast.Call(
                    func=ast.Attribute(value=ast.Attribute(attr="environ")), args=[ast.Constant(str(name)), *_]
                ):
                    yield name
                case ast.Call(func=ast.Name("getproxies")):
                    yield from ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY")
                case ast.Call(func=ast.Name("proxy_bypass")):
                    yield "NO_PROXY"
                case ast.Subscript(value=ast.Name("env"), slice=ast.Constant(str(name))):
                    yield name
                case ast.Compare(left=ast.Constant(str(name)), comparators=[ast.Attribute(attr="environ")]):
                    yield name
                case _:
                    pass


def test_each_variable_stands_there() -> None:
    """Each environment variable that the code reads is told, and each that is told is read."""
    told = {name for row in README.section("Settings").rows for cell in row[:2] for name in spans(cell)}
    told |= {name for row in TOLD.values() for name in spans(row)}
    told = {name for name in told if re.fullmatch(r"[A-Z]+(_[A-Z]+)+|[A-Z]{4,}", name)}
    levels = {"DEBUG", "CRITICAL"}
    arguments = {"FILE", "FOLDER", "DIALOG", "DIALOGS_DIR"}
    of_python = {"PYTHONPATH"}  # handed on to another process, and no setting of ours
    assert told - levels - arguments == set(_variables()) - of_python
    assert {
        "BOT_TOKEN_FILE",
        "BOT_SECRET_FILE",
        "LOG_LEVEL",
        "WEBHOOK_SECRET",
        "NO_COLOR",
        "SSL_CERT_FILE",
        "NO_PROXY",
    } <= set(_variables())


def test_each_default_is_true() -> None:
    """The defaults that are told are those of the code."""
    from bot.settings import DEFAULT_DATABASE, Content, read_log_settings

    rows = {spans(row[0])[0]: row[2] for row in README.section("Settings").rows}
    content, log = Content(Path(), Path()), read_log_settings({})
    assert rows["DATABASE"] == f"`{DEFAULT_DATABASE}`"
    assert rows["DEFAULT_LANGUAGE"] == f"`{content.default_language}`"
    assert rows["DEFAULT_REGION"] == f"`{content.default_region}`"
    assert rows["PACE"] == f"`{content.pace}`"
    assert rows["LOG_FORMAT"] == f"`{log.format}`, `{log.level}`"


def test_the_health_of_the_container() -> None:
    """The line that asks for its health is the one of the image."""
    (told,) = README.section("Docker").blocks("dockerfile")
    assert told.strip() in (ROOT / "Dockerfile").read_text("utf-8").splitlines()


def test_the_container_has_its_name() -> None:
    """What operators run in the container finds it by the name that it was given, and the image by its own."""
    (start,) = (block for block in README.section("For who runs it").blocks("sh") if "docker build" in block)
    (named,) = re.findall(r"--name (\S+)", start)
    (built,) = re.findall(r"docker build -t (\S+)", start)
    assert start.split()[-1] == built
    (later,) = README.section("Docker").blocks("sh")
    assert set(re.findall(r"(?:exec |stop |cp |--volumes-from )([a-z]+)", later)) == {named}
    assert re.findall(r"docker run .* (\S+) rotate-secret", later) == [built]


def test_each_topic_can_be_linked_to(companion: Companion) -> None:
    """Each topic stands in the table of links for who works with parents, once, and no other."""
    section = README.section("Voor wie met ouders werkt")
    told = [name for row in section.rows for cell in row[::2] for name in spans(cell)]
    assert len(told) == len(set(told))
    assert set(told) == {each.id for each in companion.script.dialogs.values() if each.kind is Kind.TOPIC}


def _names(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=~! ]", each)[0] for each in requirements}


def test_each_dependency_has_its_reason() -> None:
    """Each dependency stands in the table with the reason why it is there, and no other."""
    rows = README.section("Dependencies, and why").rows
    assert {row[0] for row in rows} == _names(PROJECT["project"]["dependencies"])
    assert all(len(row) == 2 and row[1] for row in rows)


def test_each_development_dependency_is_told() -> None:
    """What only developers need is told with what it is for."""
    text = README.section("Dependencies, and why").text
    for name in _names(PROJECT["project"]["optional-dependencies"]["dev"]):
        assert re.search(rf"\b{re.escape(name)}\b", text), name


def test_each_make_target_exists() -> None:
    """`make` is asked for nothing that it does not know, in any page; and what it lists it knows."""
    targets = set(re.findall(r"^([a-z]+):.*## ", MAKEFILE, re.MULTILINE))
    phony = re.search(r"^\.PHONY: (.+)$", MAKEFILE, re.MULTILINE)
    assert phony and set(phony[1].split()) == targets
    for page in ("README.md", "dialogs/README.md", "locales/README.md"):
        text = Page.at(page).text
        asked = set(re.findall(r"`make ([a-z]+)", text)) | set(re.findall(r"^(?:\S+=\S+ )?make ([a-z]+)", text, re.M))
        assert asked and asked <= targets, page


def test_the_layers_exist() -> None:
    """The picture of the house shows each layer that is held, from top to bottom, and each part of it exists."""
    (picture,) = (block for block in README.section("For who programs").blocks("") if block.startswith("bot/"))
    told = [name.removesuffix(".py") for line in picture.splitlines()[1:] if line.startswith("  ")
            for name in re.findall(r"^ +((?:\w+(?:/|\.py) ?)+)", line)[0].replace("/", " ").split()]  # fmt: skip
    for name in told:
        assert (ROOT / "bot" / name).is_dir() or (ROOT / "bot" / f"{name}.py").is_file(), name
    (layers,) = (each["layers"] for each in PROJECT["tool"]["importlinter"]["contracts"] if each["type"] == "layers")
    held = [name for layer in layers for name in re.findall(r"\w+", re.sub(r"\(\w+\)", "", layer))]
    assert told == [name for name in held if name != "__main__"]
    packages = {path.stem for path in (ROOT / "bot").iterdir() if not path.name.startswith("_")}
    assert set(told) == packages


def test_the_folders_exist() -> None:
    """The folders that the picture names beside the code are there."""
    (picture,) = (block for block in README.section("For who programs").blocks("") if block.startswith("bot/"))
    for name in picture.splitlines()[-1].split():
        assert (ROOT / name).is_dir(), name


def test_each_command_line_can_be_parsed() -> None:
    """Each `python -m bot …` and `keukentafel …` in any page is one that the program takes."""
    tried = 0
    for page in ("README.md", "dialogs/README.md", "locales/README.md"):
        for line in re.findall(r"(?:python -m bot|keukentafel) ([a-z][^`\n>|]*)", Page.at(page).text):
            name, *rest = line.split()
            if name in COMMANDS:
                tried += 1
                COMMANDS[name].parse_args([word for word in rest if word != "NAME"])
    assert tried >= 3
