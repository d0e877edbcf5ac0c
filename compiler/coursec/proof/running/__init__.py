"""Running an assignment's own code: in a fresh process, a folder of its own, with limits.

Nothing here is imported or called unless somebody asks for `coursec check --run`.
"""

from coursec.proof.running.prove import Limits, Ran, prove_assignment

__all__ = ["Limits", "Ran", "prove_assignment"]
