"""Everything secret on the device: PINs, keys, and the lock on an officer's work.

Read the modules in this order:

* ``keys`` - from a PIN to the keys; ``row_seal`` - the store's seal: where rows meet keys.
* ``secrets`` - where small secrets are kept; ``platform_secrets`` - the phone's own key store.
* ``header`` - what can be read without a key; ``hardware`` - what lies in the key store.
* ``pins`` - which PINs are worth anything, and what is ``guessed_first``; ``attempts`` - how often.
* ``generations`` - one set of keys: made, tried, and followed by the next.
* ``vaults`` - the vaults of a device: made, unlocked, recovered, purged; ``open_vault`` - one, unlocked.
* ``sweeping`` - what a lock leaves in memory, written over.
* ``device`` - who this device is: its own signing and sealing keys.
* ``folder`` - one data folder, one Homeward.
* ``errors`` - everything the vault refuses.

Only this package of the app imports ``cryptography``.
"""
