"""How long one typed message is heard, over all test messages: `python -m tests.bench.hearing` prints it as JSON."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime

from bot.app.content import home, load_companion
from bot.settings import read_content
from bot.understanding.evaluation import read_messages
from tests.bench.crowd import percentile
from tests.bench.lineup import ROOT

WARM = 50


def main() -> None:
    """Hear every message once and print the percentiles, in seconds."""
    companion = load_companion(read_content({}, home()), datetime.now(UTC).date())
    messages = read_messages(ROOT / "tests" / "heard")
    for message in messages[:WARM]:
        companion.hear(message.text, message.language)
    took = []
    for message in messages:
        began = time.perf_counter()
        companion.hear(message.text, message.language)
        took.append(time.perf_counter() - began)
    took.sort()
    print(json.dumps({"messages": len(took), "p50": percentile(took, 50), "p99": percentile(took, 99)}))


if __name__ == "__main__":
    main()
