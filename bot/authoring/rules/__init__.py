"""The rules over a whole script. Each takes what was read and gives findings; none raises, none stops the others."""
