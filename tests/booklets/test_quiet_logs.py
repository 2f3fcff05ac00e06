"""A log says where something went wrong, and nothing that anybody wrote."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest

CHILD = "Zebedee Marker"


def logged(what: str) -> str:
    """What a process that logs quietly writes while it does this, to both of its streams."""
    script = (
        "import logging, threading, asyncio\nfrom booklets.quiet_logs import log_quietly\nlog_quietly()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script + textwrap.dedent(what)],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.stdout + done.stderr


@pytest.mark.parametrize(
    "mistake",
    [
        f"raise KeyError('{CHILD}')",
        f"""
        thread = threading.Thread(target=lambda: {{}}['{CHILD}'])
        thread.start()
        thread.join()
        """,
        f"""
        async def fails():
            raise KeyError('{CHILD}')
        async def forgotten():
            task = asyncio.create_task(fails())
            await asyncio.wait([task])
            del task
        asyncio.run(forgotten())
        """,
        f"""
        try:
            raise ValueError('{CHILD}')
        except ValueError:
            logging.getLogger('flet').exception('could not draw {CHILD}')
        """,
    ],
    ids=["the process", "a thread", "a task nobody waits for", "another package"],
)
def test_a_mistake_is_logged_by_its_kind_and_its_place(mistake: str) -> None:
    """KeyError holds the key, which may be a child's name; the officer's phone may be read by others."""
    said = logged(mistake)

    assert CHILD not in said
    assert "Error at " in said
    assert "Traceback" not in said
