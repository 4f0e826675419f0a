"""The two closed lists of the directory: kinds of service, and regions.

Dialogs name a kind, never a service. Every kind is served in every region; `check` and the tests hold that.
"""

from typing import Final, Literal, get_args

Kind = Literal[
    "emergency",
    "police",
    "gp",
    "gp_out_of_hours",
    "poison",
    "suicide_line",
    "listening_line",
    "violence_line",
    "child_protection_advice",
    "sexual_violence",
    "parenting_line",
    "consultatiebureau",
    "family_house",
    "childcare",
    "parenting_support",
    "social_support",
    "couples",
    "mental_health",
    "psychologist",
    "perinatal_mental_health",
    "midwife",
    "addiction",
    "bereavement",
    "peers",
]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

RegionId = Literal["be", "nl", "elsewhere"]
REGIONS: Final[tuple[RegionId, ...]] = get_args(RegionId)
