"""A directory file as a maintainer may write it, well or wrongly; all scalars are strings, as loaded."""

from datetime import date
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from bot.directory.shape import RegionFile

GOOD = """
region: be
timezone: Europe/Brussels
country: BE
languages: [nl]
services:
  line:
    name: "Een lijn"
    common: true
    kinds: [listening_line, peers]
    ways:
      - {phone: "106", hours: "24/7"}
      - {whatsapp: "06 12345678"}
      - {how: "in je gemeente", office_hours: true, note: "op afspraak"}
    note: "voor iedereen"
    cost: free
    languages: [nl, fr]
    anonymous: false
    source: "own page"
    checked: 2026-11-23
    confidence: B
"""


def loaded(text: str) -> Any:
    return yaml.load(text, Loader=yaml.BaseLoader)


def test_strings_become_what_they_are() -> None:
    """ "true", "false" and "2026-11-23" arrive as strings and leave as booleans and a date."""
    (line,) = RegionFile.model_validate(loaded(GOOD)).to_region().services
    assert (line.common, line.anonymous, line.checked) == (True, False, date(2026, 11, 23))
    assert [way.office_hours for way in line.ways] == [False, False, True]
    assert [way.value for way in line.ways] == ["106", "06 12345678", "in je gemeente"]


def test_what_is_translated() -> None:
    """The common name, the note of the service, and of its ways the `how` and the note; in that order."""
    region = RegionFile.model_validate(loaded(GOOD)).to_region()
    texts = ["Een lijn", "voor iedereen", "in je gemeente", "op afspraak"]
    assert list(region.texts()) == [("line", text) for text in texts]
    proper = RegionFile.model_validate(loaded(GOOD.replace("common: true", "common: false"))).to_region()
    assert [text for _, text in proper.texts()] == texts[1:]


def test_unserved_kinds_are_named() -> None:
    """A region says which kinds of the closed list nobody serves."""
    missing = RegionFile.model_validate(loaded(GOOD)).to_region().unserved_kinds()
    assert "listening_line" not in missing
    assert missing[0] == "emergency"
    assert len(missing) == 22


@pytest.mark.parametrize(
    ("right", "wrong", "where", "hint"),
    [
        ("region: be", "region: fr", "region", "'be'"),
        ("Europe/Brussels", "Europe/Gent", "timezone", "time zone"),
        ("Europe/Brussels", "../secret", "timezone", "time zone"),
        ("country: BE", "country: be", "country", "write BE"),
        ("cost: free", "price: free", "services.line.price", "Extra inputs"),
        ("cost: free", "cost: gratis", "services.line.cost", "usual_rate"),
        ("[listening_line, peers]", "[listening]", "services.line.kinds.0", "listening_line"),
        ("[listening_line, peers]", "[]", "services.line.kinds", "at least 1"),
        ('phone: "106"', 'phone: "nul"', "services.line.ways.0.phone", "pattern"),
        ('phone: "106"', 'phone: "106", site: "a.be"', "services.line.ways.0", "found phone and site"),
        ('phone: "106", ', "", "services.line.ways.0", "found none"),
        ('phone: "106"', 'site: "https://a.be"', "services.line.ways.0.site", "pattern"),
        ('"24/7"', '"24/24"', "services.line.ways.0.hours", "not OpenStreetMap"),
        ('"24/7"', '"24/7", office_hours: true', "services.line.ways.0", "not both"),
        ("2026-11-23", "gisteren", "services.line.checked", "date"),
        ("confidence: B", "confidence: E", "services.line.confidence", "'A'"),
        ("  line:", "  De lijn:", "services.De lijn.[key]", "pattern"),
    ],
)
def test_a_mistake_is_placed_and_explained(right: str, wrong: str, where: str, hint: str) -> None:
    """Each mistake says where it stands and what was expected."""
    assert right in GOOD
    with pytest.raises(ValidationError) as caught:
        RegionFile.model_validate(loaded(GOOD.replace(right, wrong)))
    (mistake, *_) = caught.value.errors()
    assert ".".join(str(part) for part in mistake["loc"]) == where
    assert hint in mistake["msg"]


def test_holidays_need_a_country() -> None:
    """`PH` in a region without a country would quietly mean nothing, so it is refused."""
    text = GOOD.replace("country: BE\n", "").replace("24/7", "Mo-Fr 09:00-17:00; PH off")
    with pytest.raises(ValidationError, match="line has 'PH'"):
        RegionFile.model_validate(loaded(text))


def test_all_mistakes_are_reported() -> None:
    """Two mistakes are two reports."""
    text = GOOD.replace("cost: free", "cost: gratis").replace('"24/7"', '"24/24"')
    with pytest.raises(ValidationError) as caught:
        RegionFile.model_validate(loaded(text))
    assert caught.value.error_count() == 2
