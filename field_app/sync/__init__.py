"""From the device to the force and back: enrolling, signing in, sending what waits, hearing what happened.

    failures    what can go wrong, named by what to do next
    reading     what an answer means, whoever sent it: no network here
    clocks      how far off this device's clock is, learnt from the server
    enrolment   an invitation becomes a device that the force knows
    sessions    an officer signs in, and stays so for a shift
    patience    how long to wait before trying again
    line        the line to one server: TLS, and the same session again after a cut
    client      the one module that asks over it
    desk        the ports behind which everything lasts
    hearing     news: fetched, stored, acknowledged
    sending     records on their way: urgent ones alone, the others several with one question
    rounds      one round: send what waits in order, then fetch what is new
    tally       what one round did, and what it remembers for the next
    courier     the one thread that owns when a round is made
    news        what the courier tells the screen

Records are opaque here: sealed before they come, opened nowhere but at the force. Nothing in this
package keeps anything: what must last is handed to the ports of ``desk``.
"""
