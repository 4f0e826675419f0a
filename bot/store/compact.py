"""The text of a session as few bytes, and back.

A session's JSON names the same keys, dialogs and nodes as all the others, so it is deflated with a dictionary of
them: about a third remains. Then it is padded to a multiple of 16 bytes: the length of a sealed row tells next to
nothing of where a parent stands, and most new sessions fit exactly where the old one stood in the file.
"""

from __future__ import annotations

import zlib
from typing import Final

from bot.store.errors import Unreadable

BLOCK: Final = 16
"""Bytes; a compact session is a multiple of this long."""
MAX_SESSION: Final = 64 * 1024
"""Bytes of a session when unpacked; far above what the engine can make, and a bound on what a row can ask for."""

_WINDOW: Final = -12  # deflate without header, looking 4 KiB back: the dictionary and the session fit
_LEVEL: Final = 6  # sessions are so short that 9 finds no more
_MEMORY: Final = 5

_DICTIONARY_1: Final = (
    # What is seen most stands last, where a reference to it is shortest.
    "distance/difference/urge_now/put_down/not_meant/happened/together/preschooler/toddler/baby/hands/wave/after/"
    "daylight/often/unsure/waiting/urgent/fear/words/repair/tonight/tomorrow/something/afraid/again/called/call/"
    "worse/enough/person/calmer/write/tired/other/more/good/back/done/day/stay/goodbye"
    '","concerned_other/hello","for_professionals/hello","money_and_work/hello","loss_and_change/hello",'
    '"relationship/hello","worried_about_child/hello","pregnancy/hello","asking_for_help/hello","own_past/hello",'
    '"too_late/hello","difficult_birth/hello","low_mood/hello","time_apart/hello","alone/hello","childcare/hello",'
    '"tantrums/hello","about/hello","good_moment/hello","sleep/hello","crying/hello","exhausted/hello",'
    '"safety_confused/hello","safety_child_unsafe/hello","safety_violence/hello","safety_medical/hello",'
    '"safety_child_hurt/hello","safety_suicide/hello","safety_harm_child/hello","breathe/hello","region/hello",'
    '"help_now/talk","help_now/home","help_now/child","help_now/hello",'
    '"worried_trauma/hello","lost_patience/hello","menu/around","menu/guilt","menu/help","menu/child","menu/me",'
    '"],"c":["lost_patience/","l":"fr","l":"ar","l":"tr","l":"en","g":"elsewhere","g":"nl","a":1,"h":1,"m":1,"k":"03:'
    '"],"l":"nl","g":"be","a":1,"h":1,"k":"02:lost_patience/hello/","h":1,"k":"01:menu/welcome/"],"h":1,"k":"'
    '06:!back"}"],"h":1,"k":"04:!open/menu"}05:!open/help_now"}'
    '{"v":1,"at":182,"s":5,"p":"help_now/hello","t":["menu/welcome","menu/hello","],"h":1,"k":"0'
    '{"v":1,"at":181,"s":7,"p":"menu/hello","r":["lost_patience/hello"],"t":["worried_trauma/hello","'
    '{"v":1,"at":180,"s":2,"p":"menu/welcome","h":1}{"v":1,"at":179,"s":3,"p":"'
).encode("ascii")

_DICTIONARIES: Final = {1: _DICTIONARY_1}
"""By the number that begins a compact session. A dictionary never changes once a release wrote with it; a better one
gets the next number and the old ones stay readable."""
_NEWEST: Final = max(_DICTIONARIES)


def pack(session_json: str) -> bytes:
    """The text as compact bytes, a multiple of 16 long. Raises ValueError for one longer than 64 KiB."""
    text = session_json.encode("utf-8")
    if len(text) > MAX_SESSION:
        raise ValueError(f"a session of {len(text)} bytes; at most {MAX_SESSION} can be stored")
    squeeze = zlib.compressobj(_LEVEL, zlib.DEFLATED, _WINDOW, _MEMORY, zdict=_DICTIONARIES[_NEWEST])
    packed = bytes([_NEWEST]) + squeeze.compress(text) + squeeze.flush()
    return packed + bytes(-len(packed) % BLOCK)


def unpack(packed: bytes) -> str:
    """The text again. Raises Unreadable for anything that ``pack`` never wrote."""
    dictionary = _DICTIONARIES.get(packed[0]) if packed else None
    if dictionary is None:
        raise Unreadable("a session packed by another edition")
    expand = zlib.decompressobj(_WINDOW, zdict=dictionary)
    try:
        text = expand.decompress(packed[1:], MAX_SESSION)
        if not expand.eof:
            raise Unreadable("a session that is cut off or too long")
        return text.decode("utf-8")
    except (zlib.error, UnicodeDecodeError) as error:
        raise Unreadable(f"a packed session that is broken: {type(error).__name__}") from None
