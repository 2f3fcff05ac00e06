"""What an officer can do, without a screen and without a network.

* ``start`` - begin an encounter.
* ``session`` - one open encounter: answers, people, reasons, and what is still wrong.
* ``autosave`` - every change is on the disk within half a second.
* ``submit`` - records are made, sealed and handed to the outbox in one step.
* ``worklist`` - what is open, waiting, sent, and due.
"""
