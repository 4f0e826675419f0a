"""The pure core: a script, a session and an event give a turn. No I/O, no clock, no randomness, no channel."""
