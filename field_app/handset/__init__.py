"""One handset as its officers use it: everything an officer can do, without a screen.

* ``device`` - enrol it, sign in, choose a PIN, unlock, lock.
* ``shift`` - one officer's open vault: what is open, begin, go on, send, and hear of it.
* ``home`` - what the officer's home screen shows of it.
* ``sending`` - what is sealed of an encounter, and what follows from it.
* ``ports`` - what the courier needs of that vault.

Every method here may take a while and may be called from any thread but the
keeper's; screens call them from a worker thread.
"""
