"""The handhelds' way in: a few plain endpoints, each signed, each answered in one shape.

answers     what an answer looks like, and the header that tells it from a hotel's sign-in page
refusals    which status each refusal has
signing     the wrapper around every signed endpoint: limits, signature, device, replay, session
reading     what came in the body, field by field
hello       hello and keys            health        alive, ready, figures
enrolling   a code becomes a device
signing_in  begin, token, refresh     submitting   one sealed record      pulling  changes and status
batching    several of them with one question, each taken in as if it had come alone
duties      what officers say of tasks
copies      which sealed copies on a handheld may go, and which are asked for again
uploading   attachments, by tus             showing  one of them, to whoever may see it
promises    what an address reads, answers and refuses: said where it does so
document    the same endpoints in the OpenAPI document, out of what they promise
routes      all of it, in one table

Work that touches the database or checks a signature runs in a thread of the pool; the event loop only
reads bodies and writes answers.
"""
