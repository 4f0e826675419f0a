"""Rotates the secret and kills itself right after the step that it is told. Run by ``test_rotate``; no test itself."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from bot.store.rotation import rotate_file


def main(path: Path, secret_file: Path, last: str) -> None:
    def tell(step: str) -> None:
        os.write(1, f"{step}\n".encode())
        if step == last:
            os.kill(os.getpid(), signal.SIGKILL)

    rotate_file(path, secret_file, tell=tell)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
