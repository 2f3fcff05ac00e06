"""What a force decides about its handhelds, and how it reaches them.

orders     stop one, wipe one, let one in again      policies   what all of them do, numbered and signed
recovery   a forgotten PIN: two administrators agree, and the vault's key goes back to its handheld

Each step stands in the audit chain of the handheld, under ``device:`` and its id.
"""

from sync_server.handhelds.orders import HandheldRefused

__all__ = ["HandheldRefused"]
