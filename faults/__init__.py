"""What is broken on purpose: one module ``<part>_faults`` per part of the product.

A part has ``run(full)``, which yields one trial after the other: ``name``, how often
it was ``tried``, how much was ``lost``, how much was ``accepted_wrongly``, and a
``control``: the same trial against something known to be weak, with what it found
there (``control_found``). A trial whose control finds nothing proves nothing.
"""
