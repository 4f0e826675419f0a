"""The three real files of `dialogs/directory`, against facts typed anew from the compiled list."""

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from bot.directory import KINDS, REGIONS, Directory, Region, hours_problem
from bot.directory.shape import RegionFile

FOLDER = Path(__file__).parents[2] / "dialogs" / "directory"

NUMBERS = {
    "be": {
        "emergency_112": ["112"],
        "politie_101": ["101"],
        "huisarts_van_wacht_1733": ["1733", "+32 2 524 98 89"],
        "antigifcentrum": ["070 245 245"],
        "zelfmoordlijn_1813": ["1813"],
        "centre_prevention_suicide": ["0800 32 123"],
        "tele_onthaal": ["106"],
        "tele_accueil": ["107"],
        "community_help_service": ["02 616 26 26"],
        "hulplijn_1712": ["1712"],
        "vertrouwenscentrum": ["1712"],
        "kind_en_gezin_lijn": ["078 150 100"],
        "consultatiebureau": ["078 150 100"],
        "caw": ["0800 13 500"],
        "druglijn": ["078 15 10 20"],
    },
    "nl": {
        "emergency_112": ["112"],
        "zelfmoordpreventie_113": ["0800-0113"],
        "luisterlijn": ["088 0767 000"],
        "mind_hulplijn": ["0900-1450", "06 13863803"],
        "veilig_thuis": ["0800-2000"],
        "centrum_seksueel_geweld": ["0800-0188"],
    },
    "elsewhere": {"emergency_112": ["112"]},
}
ADDRESSES = {
    "be": {
        *("zelfmoord1813.be", "tele-onthaal.be", "1712.be", "kindengezin.be", "mijn.kindengezin.be"),
        *("brusselsfamily.be", "kinderopvangzoeker.be", "caw.be", "wolkinmijnhoofd.be", "one.be"),
        *("berrefonds.be", "vvoc.be"),
    },
    "nl": {
        *("113.nl", "deluisterlijn.nl", "mindhulplijn.nl", "veiligthuis.nl", "memam.nl", "home-start.nl"),
        *("landelijkregisterkinderopvang.nl", "groeigids.nl"),
    },
    "elsewhere": {"findahelpline.com"},
}
SERVICE_COUNTS = {"be": 28, "nl": 17, "elsewhere": 3}
DAY_AND_NIGHT = {
    "be": {
        *(
            "emergency_112",
            "politie_101",
            "antigifcentrum",
            "zelfmoordlijn_1813",
            "centre_prevention_suicide",
        ),
        *("tele_onthaal", "tele_accueil", "community_help_service"),
    },
    "nl": {
        *(
            "emergency_112",
            "zelfmoordpreventie_113",
            "luisterlijn",
            "veilig_thuis",
            "centrum_seksueel_geweld",
        ),
    },
    "elsewhere": {"emergency_112"},
}
NOT_TO_BE_LISTED = ("116 111", "116 123", "0900-0113", "0900-0767", "0800-0432", "116111", "116123")
NOT_NAMES = (
    "MoederHeil",
    "Moeders voor Moeders",
    "Opvoedlijn",
    "NVIC",
    "Awel",
    "Kindertelefoon",
    "Nupraatikerover",
)
NIGHT = datetime(2026, 11, 24, 3, 10, tzinfo=ZoneInfo("Europe/Brussels"))


def region(region_id: str) -> Region:
    text = (FOLDER / f"{region_id}.yaml").read_text(encoding="utf-8")
    return RegionFile.model_validate(yaml.load(text, Loader=yaml.BaseLoader)).to_region()


@pytest.fixture(scope="module")
def book() -> Directory:
    return Directory(tuple(region(region_id) for region_id in REGIONS))


def test_there_is_one_file_a_region() -> None:
    """The folder holds a file for each region, named after it, and no other."""
    assert {path.stem for path in FOLDER.iterdir()} == set(REGIONS)
    assert all(region(region_id).id == region_id for region_id in REGIONS)


@pytest.mark.parametrize("region_id", REGIONS)
def test_every_kind_is_served(region_id: str, book: Directory) -> None:
    """Every kind of the closed list is served in every region, in every language, at night too."""
    assert len(KINDS) == 24
    assert region(region_id).unserved_kinds() == ()
    for kind in KINDS:
        for language in ("nl", "fr", "en", "tr"):
            assert book.services(region_id, kind, language, NIGHT)


@pytest.mark.parametrize("region_id", REGIONS)
def test_every_hours_expression_parses(region_id: str) -> None:
    """No expression of hours in the file has a problem."""
    found = [way.hours for service in region(region_id).services for way in service.ways if way.hours]
    assert found
    assert [problem for hours in found if (problem := hours_problem(hours))] == []


@pytest.mark.parametrize("region_id", REGIONS)
def test_numbers_and_addresses_are_those_of_the_list(region_id: str) -> None:
    """Each number and address stands in the compiled list; none is missing, none is invented."""
    services = region(region_id).services
    numbers = {
        service.id: [way.value for way in service.ways if way.medium in ("phone", "whatsapp")] for service in services
    }
    assert {service: values for service, values in numbers.items() if values} == NUMBERS[region_id]
    addresses = {way.value for service in services for way in service.ways if way.medium in ("chat", "site")}
    assert addresses == ADDRESSES[region_id]
    assert len(services) == SERVICE_COUNTS[region_id]


@pytest.mark.parametrize("region_id", REGIONS)
def test_open_day_and_night(region_id: str) -> None:
    """Exactly the services of the list that are open 24/7 by phone are so here."""
    always = {
        service.id
        for service in region(region_id).services
        if any(way.medium == "phone" and way.hours == "24/7" for way in service.ways)
    }
    assert always == DAY_AND_NIGHT[region_id]


@pytest.mark.parametrize("region_id", REGIONS)
def test_what_is_not_to_be_listed_is_not(region_id: str) -> None:
    """Old numbers, lines for children, historical and professional services do not stand here."""
    services = region(region_id).services
    values = [way.value for service in services for way in service.ways]
    assert not [value for value in values if value in NOT_TO_BE_LISTED]
    texts = [service.name for service in services] + [text for service in services for text in service.texts]
    assert not [name for name in NOT_NAMES if any(name in text for text in texts)]


@pytest.mark.parametrize("region_id", REGIONS)
def test_facts_say_where_they_come_from(region_id: str) -> None:
    """Each service has a source and was checked on the day the list was compiled."""
    for service in region(region_id).services:
        assert service.source
        assert service.checked == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("region_id", "kind", "language", "first", "opened"),
    [
        ("be", "suicide_line", "nl", "zelfmoordlijn_1813", True),
        ("be", "suicide_line", "fr", "centre_prevention_suicide", True),
        ("be", "suicide_line", "tr", "zelfmoordlijn_1813", True),
        ("be", "listening_line", "fr", "tele_accueil", True),
        ("be", "listening_line", "en", "community_help_service", True),
        ("be", "poison", "nl", "antigifcentrum", True),
        ("be", "police", "nl", "politie_101", True),
        ("be", "gp_out_of_hours", "nl", "huisarts_van_wacht_1733", None),
        ("be", "violence_line", "nl", "hulplijn_1712", False),
        ("be", "consultatiebureau", "nl", "consultatiebureau", False),
        ("nl", "suicide_line", "nl", "zelfmoordpreventie_113", True),
        ("nl", "poison", "nl", "emergency_112", True),
        ("nl", "gp_out_of_hours", "nl", "huisartsenpost", True),
        ("nl", "violence_line", "nl", "veilig_thuis", True),
        ("elsewhere", "emergency", "nl", "emergency_112", True),
        ("elsewhere", "suicide_line", "nl", "find_a_helpline", None),
    ],
)
def test_at_ten_past_three(
    book: Directory, region_id: str, kind: str, language: str, first: str, opened: bool | None
) -> None:
    """At 03:10 on a Tuesday the first service is the one to call, and its state is the honest one."""
    opening = book.services(region_id, kind, language, NIGHT)[0]
    assert (opening.service.id, opening.open_now) == (first, opened)


def test_1712_at_ten_past_three_opens_at_nine(book: Directory) -> None:
    """1712 is closed at 03:10 and opens at 09:00."""
    opening = book.services("be", "violence_line", "nl", NIGHT)[0]
    assert (opening.opens_at, opening.phone) == (datetime(2026, 11, 24, 9, tzinfo=NIGHT.tzinfo), "1712")
