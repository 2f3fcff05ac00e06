"""Where this device is, as its own receiver says: asked once, in words that say why not."""

from __future__ import annotations

import asyncio

import flet_geolocator as fg  # type: ignore[import-untyped]

from field_app.handset.whereabouts import (
    LOOKS_FOR_S,
    Fix,
    NoPosition,
    NotAllowed,
    NotFound,
    SwitchedOff,
    Whereabouts,
)

__all__ = ["Receiver", "Whereabouts"]

NOT_GIVEN = frozenset({fg.GeolocatorPermissionStatus.DENIED, fg.GeolocatorPermissionStatus.DENIED_FOREVER})
_DENIED = ("denied", "permission")
_TOO_LATE = ("timeout", "timed", "limit")


class Receiver:
    """The device's own. On a phone it asks for the permission at the first tap, and only then."""

    async def ask(self) -> Fix:
        """Where the device is now. Raises NoPosition, which says what to do instead."""
        device = fg.Geolocator()
        try:
            if not await device.is_location_service_enabled():
                raise SwitchedOff
            await self._may_ask(device)
            wanted = fg.GeolocatorConfiguration(accuracy=fg.GeolocatorPositionAccuracy.BEST)
            found = await asyncio.wait_for(device.get_current_position(wanted), LOOKS_FOR_S)
        except TimeoutError:
            raise NotFound from None
        except RuntimeError as refused:  # all that comes back from the device is a sentence
            raise _why(str(refused).casefold()) from None
        if found.latitude is None or found.longitude is None:
            raise NotFound
        return Fix(float(found.latitude), float(found.longitude), float(found.accuracy or 0))

    async def _may_ask(self, device: fg.Geolocator) -> None:
        status = await device.get_permission_status()
        if status is fg.GeolocatorPermissionStatus.DENIED:
            status = await device.request_permission()
        if status in NOT_GIVEN:
            raise NotAllowed


def _why(said: str) -> NoPosition:
    if any(word in said for word in _DENIED):
        return NotAllowed()
    if "disabled" in said:
        return SwitchedOff()
    return NotFound() if any(word in said for word in _TOO_LATE) else NoPosition()
