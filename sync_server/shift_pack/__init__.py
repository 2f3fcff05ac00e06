"""The shift pack: what an officer needs to know of the children of their area before knocking, offline.

briefs     what a pack may say of one record          known     which unit knows whom, and what changed
children   one child, from the briefs of all records  giving    to whom it is given, and what is noted
"""
