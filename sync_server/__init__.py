"""The server: takes in what phones send, keeps it as evidence, and owes it to whoever must act.

Reading order:

* ``settings`` and ``context``: what one server process holds;
* ``db``: the tables, and the only way to write to them;
* ``keys``: every secret of the server, and what lies encrypted under them;
* ``intake``: one arriving submission, from bytes to receipt;
* ``projection``: evidence turned into persons, places, objects and events;
* ``register``: where these are kept, and made again;
* ``notices``: what the local authority is told when a child is back;
* ``feed``: what goes back to phones; ``audit``: who did what, chained;
* ``forwarding``: the outbox's other end, one module per real system;
* ``identity``, ``api``, ``console``: who may come in, and the ways in.
"""
