"""The way in for people at a desk: HTML from the server, no script, keyboard alone, prints.

    routes       the addresses               doors      who may come in, cookies, forms, headers
    handhelds    the page where an officer signs in on a handheld
    pages        one dataclass per page      drawing    dataclass to HTML
    register     what arrived, as a list     reading    one record, as a document
    words        codes and times as people read them

A template may loop and branch; it may not compute.
"""
