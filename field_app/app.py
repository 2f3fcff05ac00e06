"""Puts the parts together and decides nothing: settings, secrets, the handset, its window.

One process is one device with one data folder. In a browser, Python and its
vault run on the machine that serves the page; a second window on the same device
is refused in words, and a window that goes away leaves the vault locked.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from booklets.quiet_logs import log_quietly
from field_app.handset.device import Handset
from field_app.settings import Secrets, Settings
from field_app.ui import window
from field_app.vault.secrets import DemoSecretStore, FileSecretStore, SecretStore
from field_app.vault.window_secrets import WindowSecretStore

APP_VERSION = "0.1.0"
ASSETS = Path(__file__).parent.parent / "assets"


def secret_store(settings: Settings) -> SecretStore:
    """Where this device keeps small secrets."""
    folder = settings.data / "secrets"
    if settings.asks_the_window:
        return WindowSecretStore(settings.platform)
    if settings.secrets is Secrets.DEMO:
        return DemoSecretStore(folder)
    return FileSecretStore(folder)


def main(arguments: list[str] | None = None) -> None:
    """Start the app as the settings say."""
    log_quietly()
    settings = Settings.read(os.environ, sys.argv[1:] if arguments is None else arguments)
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    secrets = secret_store(settings)
    reach = secrets.reach if isinstance(secrets, WindowSecretStore) else None
    handset = Handset(settings, secrets, app_version=APP_VERSION)
    try:
        if settings.web:
            window.serve(handset, reach, port=settings.port, assets=str(ASSETS))
        else:
            window.run(handset, reach)
    finally:
        handset.close()
