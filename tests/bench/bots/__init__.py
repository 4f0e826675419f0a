"""One script for each peer, written as its own examples are; run with the interpreter of build/bench."""
