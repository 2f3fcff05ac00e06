"""What is kept on the device, sealed row by row. It knows no key: the vault hands it a seal.

Read the modules in this order:

* ``drafts`` - work that is not finished.
* ``outbox`` - what was submitted: sealed, waiting, accepted.
* ``photos`` - photographs of what is being written, sealed piece by piece.
* ``enclosures`` - attachments sealed with their records, on their way.
* ``notes`` - small things to remember inside the vault.
* ``keeper`` - the one thread that owns the open vault.
* ``sealed_table`` - TinyDB's tables over sealed rows.
* ``sealed_rows`` - rows nobody can read, move, put back or drop unseen; transactions.
* ``envelopes`` - what is sealed for the force, kept as it is, whole or piece by piece.
* ``tally`` - what is known about the rows without opening any.
* ``left`` - what lies sealed in a file that nobody opens, to be sent all the same.
* ``files`` - the sqlite file, its settings, and what its failures mean.
* ``seals`` - what the store needs from whoever holds the keys.
* ``errors`` - everything the store refuses.
"""
