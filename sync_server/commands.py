"""How a command of the server's command line is made: its help is its docstring."""

from __future__ import annotations

import argparse
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sync_server.context import Context, open_context
from sync_server.settings import Settings

Command = Callable[[argparse.Namespace, Settings], int]
Commands = argparse._SubParsersAction


def group(
    commands: Commands[argparse.ArgumentParser], name: str, says: str
) -> Commands[argparse.ArgumentParser]:
    """Commands that begin with the same word."""
    parser = commands.add_parser(name, help=says, description=says)
    return parser.add_subparsers(title="commands", required=True, metavar="command")


def command(commands: Commands[argparse.ArgumentParser], name: str, run: Command) -> argparse.ArgumentParser:
    """One command, which any data folder may be named to."""
    says = inspect.getdoc(run) or ""
    parser = commands.add_parser(name, help=says, description=says)
    parser.add_argument("--data", type=Path, help="the data folder, instead of HOMEWARD_DATA")
    parser.set_defaults(run=run)
    return parser


@contextmanager
def opened(settings: Settings, *, beside: int = 0) -> Iterator[Context]:
    """The server's data folder, for as long as the command runs."""
    context = open_context(settings, beside=beside)
    try:
        yield context
    finally:
        context.close()
