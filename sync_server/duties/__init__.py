"""What people have been asked to do: told to whoever has to do it, taken on, and closed with an outcome.

``telling`` is what handhelds hear of tasks; ``closing`` is what people say of them; ``passing`` is what goes
between a team and the community officers; ``watch`` is the thread that looks for what is new, late or
undecided for as long as the server runs.
"""

from sync_server.duties.closing import Actor, Answer, act
from sync_server.duties.watch import Watch, look_once

__all__ = ["Actor", "Answer", "Watch", "act", "look_once"]
