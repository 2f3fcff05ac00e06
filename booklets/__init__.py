"""What a booklet is, and what makes one complete.

The phone app and the sync server both import this package and agree through it.
It knows no screen, no database and no network, and apart from ``sealing`` it
imports nothing outside the standard library, so it means the same on every
device.

Read the modules in this order:

* ``errors`` - everything that can be refused, in one tree.
* ``answers`` - words, codes, moments, rows, or an honest gap.
* ``stamps`` - when the device says something happened, and how far to believe it.
* ``entities`` - persons, places and objects, typed once.
* ``conditions`` - when a field is shown or required: the whole language.
* ``forms`` - a form: its sections, fields, codes and rules.
* ``guides`` - the pages of one encounter, which may fill several forms.
* ``facts`` - what a check may know.
* ``checks`` - what rules can test, by name.
* ``clocks`` - timed duties.
* ``definitions`` - the forms themselves, as TOML, and their only reader.
* ``records`` - one filled-in form as it leaves the device.
* ``review`` - what is still wrong, and what follows.
* ``encounters`` - one encounter while it is being written.
* ``sending`` - the records it becomes when it is sent.
* ``prefill`` - a PPN that follows from an encounter, with what is already known.
* ``drafts`` - an encounter as the device keeps it.
* ``wire`` - how records travel between app and server.
* ``sealing`` - how nobody in between can read or change them.
* ``handbook`` - a form as a page, for the people who sign it off.
"""
