"""The few forms that code knows by name: something follows from one that no form can say of itself.

The server knows a form by the type of its record, the app by the id of the form.
"""

from __future__ import annotations

from typing import Final

REPORT: Final = "mis"
RETURN: Final = "ret"
INTERVIEW: Final = "pvi"
NOTICE: Final = "ppn"
ASSESSMENT: Final = "rsk"

RETURNED: Final = "RET"
"""The return of a missing child, by the type of its record."""

PROTECTION_USED: Final = "PPR"
"""Police protection, by the types of its records: the constable's part."""
PROTECTION_ENQUIRED: Final = "PPD"
"""The designated officer's part."""
PROTECTION_ENDED: Final = "PPE"
"""Its end."""
PROTECTION_REVIEWED: Final = "PPV"
"""What the vulnerability team's inspector, and later the monthly panel, make of it."""
