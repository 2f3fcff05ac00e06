"""The screens: the only package, with `field_app.app`, that knows Flet.

Read `theme` (what colours and sizes are called), `kit` (the shapes every screen is made of), `guard`
(what happens when a handler fails), `bridge` (how the courier reaches the screen), `words` (every
sentence that is not in a form), then `widgets` (one function per kind of field).
"""
