"""The outbox and its other end.

``outbox`` writes down what is owed, in the transaction that makes it owed;
``claiming`` gives what is due to one worker at a time; ``standing`` shows people how it stands;
``postman`` delivers it, at least once; ``systems`` says what a system to deliver
to must be; ``drop_folder`` is one; ``sdm`` is the shape of a record there;
``addresses`` finds the system for a target.
"""
