"""Items from the words of the slides, by rules, without a model.

`matter.py` finds sentences, lists and tables; `definitions.py`, `termlists.py`, `tables.py`,
`verdicts.py` and `orders.py` make candidates of them; `refusals.py` says what is left alone;
`drafter.py` chooses. All items are of Bloom's level remember: a rule asks for what stands there.
"""

from coursec.drafting.extractive.drafter import Extractive

__all__ = ["Extractive"]
