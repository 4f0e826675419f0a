"""The file of the secret: made once, private, never half."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from bot.store import Keys, SecretUnusable, load_or_make_secret


def test_a_missing_secret_is_made_once(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "keukentafel.secret"
    secret = load_or_make_secret(path)
    assert load_or_make_secret(path) == secret
    assert len(secret) >= 43  # 256 bits
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    Keys.from_secret(secret)


def test_two_secrets_differ(tmp_path: Path) -> None:
    assert load_or_make_secret(tmp_path / "a") != load_or_make_secret(tmp_path / "b")


def test_the_umask_does_not_matter(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        load_or_make_secret(tmp_path / "new" / "secret")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "new" / "secret").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700


def test_a_maker_that_was_killed_leaves_an_empty_file_and_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.touch(mode=0o600)
    assert load_or_make_secret(path) == load_or_make_secret(path) != ""


def test_processes_that_start_at_once_share_one_secret(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    code = f"from bot.store import load_or_make_secret as s; from pathlib import Path; print(s(Path({str(path)!r})))"
    makers = [subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) for _ in range(4)]
    assert {maker.communicate()[0].strip() for maker in makers} == {path.read_bytes().strip()}


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o602])
def test_a_secret_that_others_can_read_is_refused_with_the_cure(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "secret"
    path.write_text("x" * 40)
    path.chmod(mode)
    with pytest.raises(SecretUnusable, match=f"chmod 600 {path}") as refused:
        load_or_make_secret(path)
    assert "\n" not in str(refused.value)
    assert "xxx" not in str(refused.value)


def test_broken_files_are_refused_in_one_clear_line(tmp_path: Path) -> None:
    short, bytes_, folder = tmp_path / "short", tmp_path / "bytes", tmp_path / "folder"
    short.write_text("tooshort")
    bytes_.write_bytes(b"\xff\xfe" * 40)
    for path in (short, bytes_):
        path.chmod(0o600)
    folder.mkdir(mode=0o700)
    for path, reason in (
        (short, "holds 8 characters"),
        (bytes_, "it is no text"),
        (folder, "Is a directory"),
        (short / "secret", "Not a directory"),
        (Path("/proc/keukentafel.secret"), "cannot be used"),
    ):
        with pytest.raises(SecretUnusable, match=reason) as refused:
            load_or_make_secret(path)
        assert str(path) in str(refused.value)
        assert "tooshort" not in str(refused.value)
