"""Which Python the app is tested on as on a phone, and what is said where none is new enough."""

from __future__ import annotations

from pathlib import Path

import pytest

from house import device


def a_python(folder: Path, name: str, says: str) -> None:
    """A program of that name which says that it is this version; or fails, as a shim without one does."""
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / name
    program.write_text(f"#!/bin/sh\n{f'echo {says}' if says else 'exit 127'}\n", encoding="utf-8")
    program.chmod(0o755)


def test_the_newest_that_really_starts_is_taken(tmp_path: Path) -> None:
    """A shim that starts nothing is passed over, and so is one that is no newer than a server's."""
    path, pyenv = tmp_path / "bin", tmp_path / "pyenv"
    a_python(path, "python3.14", "")
    a_python(path, "python3.12", "3.12.1")
    a_python(path, "python3.11", "3.11.7")
    a_python(pyenv / "versions" / "3.13.0" / "bin", "python", "3.13.0")
    a_python(pyenv / "versions" / "3.9.18" / "bin", "python", "3.9.18")
    here = {"PATH": str(path), "PYENV_ROOT": str(pyenv), "HOME": str(tmp_path)}

    assert device.newest(device.candidates(here)) == (
        [str(pyenv / "versions" / "3.13.0" / "bin" / "python")],
        "3.13.0",
    )


def test_the_one_that_is_named_is_the_only_one_that_is_asked(tmp_path: Path) -> None:
    """Whoever says which one means that one."""
    a_python(tmp_path, "python3.13", "3.13.0")
    a_python(tmp_path / "own", "mine", "3.12.4")
    here = {"PATH": str(tmp_path), "PYTHON_NEWEST": str(tmp_path / "own" / "mine")}

    assert device.newest(device.candidates(here)) == ([str(tmp_path / "own" / "mine")], "3.12.4")
    assert device.newest(device.candidates({"PYTHON_NEWEST": str(tmp_path / "gone")})) is None


def test_where_there_is_none_it_says_so_and_is_told_apart_from_a_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Never as if all had passed."""
    monkeypatch.setenv("PYTHON_NEWEST", str(tmp_path / "gone"))

    assert device.main([]) == device.NOT_RUN
    assert device.NOT_RUN not in {device.PASSED, device.FAILED, device.NOT_INSTALLED}
    assert "NOT RUN" in capsys.readouterr().err


def test_the_versions_of_phones_stand_in_the_place_of_a_desks() -> None:
    """Each once, however its name is spelt; everything else as it is tested."""
    found = device.constraints("cffi==2.1.0\ncryptography==50.0.0\nMarkupSafe==3.0.4\nhttpx==0.28.1\n")

    lines = found.splitlines()
    assert "httpx==0.28.1" in lines
    assert "cryptography==48.0.0" in lines
    names = [line.partition("==")[0].lower() for line in lines]
    assert len(names) == len(set(names))
    assert set(device.BUILT_FOR_PHONES) < set(names)
