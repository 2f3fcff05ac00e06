"""Who may speak to the server: devices, officers, and the people at the console.

    refusals     what this package can refuse, each with its code
    codes        one-time codes and secrets: made, read back from a person's typing, kept as hashes
    devices      enrolled handhelds, and the nonces they have used
    enrolment    a one-time code becomes a device
    accounts     people with a password, their force, unit and roles
    flows        signing in on a handheld: begun there, done in the browser, collected there
    sessions     what a signed-in officer's handheld holds; bound to its signing key
    visits       a signed-in person at the console

Signing in with a force's own account (``force_accounts``) ends in the same accounts, flows and visits.

Every function takes the open database connection first and the time by name. None of them commits. A
function that must leave a trace *and* say no (a refresh token used twice) returns the no instead of raising
it, because a raise would undo the trace.
"""
