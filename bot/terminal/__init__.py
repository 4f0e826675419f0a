"""The conversation in a terminal: for trying, for rehearsing a night, and for programs."""
