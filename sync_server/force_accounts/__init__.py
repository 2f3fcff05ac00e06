"""Signing in with a force's own account: this server is the client of the force's provider (OpenID Connect).

    refusals   what can be refused, each with its code and what to do
    begun      a sign-in that has left for the provider: kept here, bound to one browser, good once
    asking     the provider over HTTPS: its description, its keys, a code turned into an ID token
    proofs     what has to be true of an ID token before a word of it is believed
    provider   the three above as one: the way there, and who came back
    people     whose account that is, and which roles and unit their groups give them

The code goes through the browser, and nothing else of the provider's does: its tokens never leave the
server, and are let go of as soon as one was read. Afterwards there is a session as after a password.
"""
