"""What the slides say of a topic: chunks, the index, requests, retrieval, coverage.

`Chunk` and `Hit` (`chunk.py`), `Request` (`request.py`), `Retrieved` (`retrieve.py`), `Plan` and
`Slot` (`coverage.py`) are what drafting builds on.
"""
