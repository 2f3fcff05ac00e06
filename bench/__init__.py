"""What is measured: one module ``<part>_bench`` per part of the product.

A part has ``run(full)``, which yields one figure after the other: ``name`` (it
begins with the part: ``store.save_p99_1000``), ``value``, ``unit``, ``anchor`` (what
it is held against, measured in the same run where that is possible), ``goal``,
``ok`` and the raw ``samples``. ``python -m bench`` adds the machine's ``load``.
"""
