"""One turn, whole: load the session, hear, step, render, commit. The same for every channel."""
