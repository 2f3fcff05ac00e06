"""Which vaults lie in a data folder, as far as that can be seen without a key."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from field_app.store.errors import StoreError
from field_app.store.files import open_file, read_meta
from field_app.vault.errors import HeaderRefused
from field_app.vault.header import HEADER, Header, read_header

FILE_NAME: Final = "vault.db"
UNREADABLE: Final = "A vault that cannot be read"
"""What the lock screen calls a vault that does not say whose it is."""


@dataclass(frozen=True, slots=True)
class Listed:
    """What the lock screen may show of a vault: the name its officer chose, and nothing else."""

    vault: str
    display_name: str = field(repr=False)


def headers_in(folder: Path) -> tuple[list[Header], list[str]]:
    """The headers of all vaults, and the names of those whose first page cannot be read."""
    found: list[Header] = []
    unreadable: list[str] = []
    for path in sorted(folder.glob(f"*/{FILE_NAME}")):
        try:
            with closing(open_file(path)) as conn:
                data = read_meta(conn, HEADER)
            if data is not None:  # a vault whose making was cut short has none, and holds nothing
                found.append(read_header(data, of=path.parent.name))
        except (StoreError, HeaderRefused):  # whatever is wrong with one keeps nobody else out
            unreadable.append(path.parent.name)
    return found, unreadable
