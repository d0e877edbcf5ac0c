"""From slides to reviewed items: what is read, found and drafted. Only the command line imports it.

Nothing here is loaded by `build` or `check`; its packages are the extra `coursec[draft]`.
"""
