"""Review: a person looks an item over beside its slide, and decides.

`waiting.py` finds what is to be decided, `sheet.py` shows an item as a student sees it, `proof.py`
its evidence; `desk.py` writes decisions into the items' own lines.
"""
