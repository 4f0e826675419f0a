"""What PyYAML says about broken YAML, in words for a person who writes dialogs."""

from __future__ import annotations

import re

_TAG = "A text that begins with ! is read as a tag; put the text between quotes."
_ALIAS = "A text that begins with & or * is read as a reference; put the text between quotes."
_INDENT = (
    "This does not fit what stands above it. Is this line indented like its neighbours, and is every quote closed? "
    "A quote inside a text needs the other kind of quotes around it."
)
_TAB = "A tab stands here; indent with spaces."

_EXPLAINED = (
    # (in the problem, the message, whether the place to mend is where the construct began)
    (r"tab character", _TAB, False),
    (r"mapping values are not allowed", "A colon too many, or a wrong indent: quote a text that holds a colon.", False),
    (r"sequence entries are not allowed", "A list cannot begin here; put its first dash on a line of its own.", False),
    (r"could not find expected ':'", "This line has no colon. Is a quote or an indent missing?", True),
    (r"expected ',' or '[\]}]'", "This bracket is not closed, or a comma is missing before its end.", True),
    (r"unknown escape", r'Between " " a backslash has a meaning of its own; write \\ for a plain one.', False),
    (r"expected key|expected '-' indicator|expected <block end>", _INDENT, False),
    (r"expected (the )?node content", "A value is missing here, or a bracket or comma is too many.", False),
    (r"document (indicator|separator)", "A quote is still open where --- or ... stands; close it above.", False),
    (r"unexpected ':'", "A colon stands in the middle of a text; put quotes around that text.", False),
    (
        r"mapping keys are not allowed",
        "A question mark begins something else here; put the text between quotes.",
        False,
    ),
    (
        r"comment or (a )?line break|chomping|indentation indicator",
        "Behind | or > the text begins on the next line, indented.",
        False,
    ),
    (r"document start", "The dialog ended above (at ...); nothing can follow it.", False),
    (
        r"YAML document|directive|alphabetic",
        "A line that begins with % is an instruction to YAML; dialogs have none.",
        False,
    ),
)


def explained(context: str, problem: str, sign: str, opening: str) -> tuple[str, str, bool]:
    """The code, the message, and whether it is about where the construct began rather than where it was noticed.

    ``sign`` is what stands where the problem was noticed, ``opening`` what stands where its context began.
    """
    if "tag" in context or "tag handle" in problem:
        return "yaml-tag", _TAG, True
    if "alias" in context or "anchor" in context:
        return "yaml-alias", _ALIAS, True
    if "cannot start any token" in problem:
        if sign == "\t":
            return "yaml-syntax", _TAB, False
        return "yaml-syntax", f"A text cannot begin with {sign}; put the text between quotes.", False
    if "end of stream" in problem and opening in ('"', "'"):
        return "yaml-syntax", f"This {opening} is never closed.", True
    if "node content" in problem and not sign:
        return "yaml-syntax", "The file ends here, and a bracket is still open.", False
    for pattern, message, at_opening in _EXPLAINED:
        if re.search(pattern, problem):
            return "yaml-syntax", message, at_opening
    return "yaml-syntax", f"This is not valid YAML: {problem.strip() or 'nobody can read it'}.", False
