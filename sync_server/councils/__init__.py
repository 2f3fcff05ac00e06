"""What a council has had, for somebody who signs in there, and what it answers.

told       what was delivered to one council and still holds, in the words in which it was delivered
answering  that it was read, and what the council decided on a referral
"""
