"""The directory: which human services a region has, and which of them is open now.

In: the regions (built by `bot.directory.shape` from YAML) and a question: region, kind, language, instant.
Out: `Opening`s, best first. Pure: reads no file and no clock.
Every instant is an aware `datetime`; what comes out is in the time zone of the region.
"""

from bot.directory.directory import Directory
from bot.directory.hours import hours_problem
from bot.directory.kinds import KINDS, REGIONS, Kind, RegionId
from bot.directory.model import Confidence, Cost, Medium, Region, Service, Way
from bot.directory.opening import Opening, WayOpening

__all__ = [
    "KINDS",
    "REGIONS",
    "Confidence",
    "Cost",
    "Directory",
    "Kind",
    "Medium",
    "Opening",
    "Region",
    "RegionId",
    "Service",
    "Way",
    "WayOpening",
    "hours_problem",
]
