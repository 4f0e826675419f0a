"""The speed of the bot, measured beside its peers: `make bench`. Benchmarks, not tests; pytest finds nothing here."""
