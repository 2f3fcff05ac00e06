"""The few forms that code knows by name: something follows from one that no form can say of itself."""

from __future__ import annotations

from typing import Final

RETURN: Final = "ret"
INTERVIEW: Final = "pvi"
NOTICE: Final = "ppn"
ASSESSMENT: Final = "rsk"
