"""The app on an officer's phone: capture at the door, keep it sealed, send it when there is a way.

* ``vault`` - everything secret; ``store`` - what is kept, sealed by the vault.
* ``sync`` - what leaves the device.
* ``capture`` - what an officer can do, without a screen.
* ``ui`` - the screens; ``app`` puts the parts together.
"""
