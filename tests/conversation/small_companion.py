"""A companion that speaks the small script, in Dutch and a little English, and hears three words."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from bot.conversation.companion import Companion
from bot.directory import KINDS, REGIONS, Directory, Region, Service, Way
from bot.engine.events import NOTHING_HEARD, Hearing
from bot.engine.model import Script
from bot.engine.phrases import Phrase
from bot.texts import Texts
from tests.engine.small_script import SCRIPT

HEARD = {"brand": Hearing(safety="fire"), "lied": Hearing(topics=("song",)), "iets": Hearing(near=("song", "soup")),
         "something": Hearing(language="en"), "etwas": Hearing(language="de")}  # fmt: skip
ENGLISH = {
    ("label", "[hot]"): "Too hot!",
    ("label", "[skip]"): "Rather not",
    ("line", "hot"): "It is hot.",
    ("soup", "Soup"): "Soup of the day",
    ("phrases", Phrase.BACK.value): "Go back",
    ("phrases", Phrase.GO_ON_IN_LANGUAGE.value): "Go on in English",
    ("phrases", Phrase.STARTED_ANEW.value): "We start anew.",
}
ZONES = {"be": "Europe/Brussels", "nl": "Europe/Amsterdam", "elsewhere": "Europe/London"}


class SmallEar:
    """Hears one word a dialog."""

    def hear(self, text: str, language: str) -> Hearing:
        """What is heard in exactly this text."""
        return HEARD.get(text, NOTHING_HEARD)


def directory() -> Directory:
    """One service a region, for everything, day and night."""
    way = Way("phone", "112", "24/7")
    service = Service("all", "Iedereen", KINDS, (way,), "a test", date(2026, 11, 23), "A")
    return Directory(tuple(Region(each, ZoneInfo(ZONES[each]), None, (), (service,)) for each in REGIONS))


def small_companion(script: Script = SCRIPT, default_language: str = "nl", default_region: str = "be") -> Companion:
    """The companion of the small script."""
    return Companion(script, directory(), Texts({"en": ENGLISH}), SmallEar(), default_language, default_region)
