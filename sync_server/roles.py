"""What a person may be here. Accounts have roles, and a force's groups can stand for them."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a person may do here."""

    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    FIM = "fim"
    VAT = "vat"
    MHET = "mhet"
    COMMUNITY = "community"
    ANALYST = "analyst"
    RECORDS = "records"
    ADMIN = "admin"
    AUDITOR = "auditor"
    LOCAL_AUTHORITY = "local_authority"
    CET = "cet"
    CII = "cii"
    INTEGRATOR = "integrator"
