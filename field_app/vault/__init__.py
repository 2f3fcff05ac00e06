"""Everything secret on the device: PINs, keys, and the lock on an officer's work.

Read the modules in this order:

* ``vaults`` - the vaults of a device: made, unlocked, recovered, purged.
* ``open_vault`` - one of them, unlocked.
* ``device`` - who this device is: its own signing and sealing keys.
* ``secrets`` - where small secrets are kept; ``platform_secrets`` - the phone's own key store.
* ``keys`` - from a PIN to the keys; ``generations`` - one set of them, and the next.
* ``header`` - what can be read without a key; ``hardware`` - what lies in the key store.
* ``row_seal`` - the store's seal: where rows meet keys.
* ``pins`` - which PINs are worth anything; ``attempts`` - how often one may guess.
* ``folder`` - one data folder, one Homeward.
* ``errors`` - everything the vault refuses.

Only this package of the app imports ``cryptography``.
"""
