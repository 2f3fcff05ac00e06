"""A missing episode as a whole: what is open of it, as what it may be closed, and that it is open again.

    standing     what became of it so far       still_open   what is not over yet
    categories   as what it may be closed       closing      closing it, opening it again

Nobody closes an episode as a "concern for safety" while anything says that nobody knew where the child
was (R-05): that has no override. Whatever else is open asks for a reason, and stands before the
missing-from-home team.
"""
