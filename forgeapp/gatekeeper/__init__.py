"""Text in, decision out: does this message ask for an artifact?

A small linear model in plain Python, trained by `forgeapp.gatekeeper.train` from our own corpus; formats and kinds we
do not make are rules. Not here: the optional question to a model, which services ask.
"""

from forgeapp.gatekeeper.deciding import decide, forget

__all__ = ["decide", "forget"]
