"""Hearing that is made ready when it is first needed, or beside the first replies."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from bot.authoring.examples import HEARD, MODEL_FILE
from bot.authoring.safety_rules import SafetyRules
from bot.engine.events import Hearing
from bot.engine.model import Script

if TYPE_CHECKING:
    from bot.understanding.classifier import Classifier
    from bot.understanding.listener import Listener

_log = logging.getLogger(__name__)


class LazyListener:
    """A listener for a dialogs folder, with the model that was trained there, if any. Safe to use from threads."""

    def __init__(self, script: Script, rules: Callable[[], SafetyRules], dialogs: Path) -> None:
        self._script = script
        self._rules: Callable[[], SafetyRules] | None = rules
        self._dialogs = dialogs
        self._lock = Lock()
        self._listener: Listener | None = None

    def hear(self, text: str, language: str) -> Hearing:
        """As ``Listener.hear``; the first time it takes some tenths of a second more."""
        return self.ready().hear(text, language)

    def ready(self) -> Listener:
        """Read the model and index the rules, once."""
        with self._lock:
            if self._listener is None:
                from bot.understanding.listener import Listener

                assert self._rules is not None, "they are let go of together with this being set"
                self._listener = Listener(self._script, load_classifier(self._dialogs), self._rules())
                self._rules = None  # what they were read from is not needed any more
            return self._listener


def load_classifier(dialogs: Path) -> Classifier | None:
    """The model that was trained for these dialogs; None, with a line in the log, when there is none to read."""
    from bot.understanding.classifier import Classifier, UnreadableModel

    path = dialogs / HEARD / MODEL_FILE
    try:
        return Classifier.load(path) if path.exists() else None
    except UnreadableModel as problem:
        _log.error("%s; hearing goes by triggers alone", problem)
        return None
