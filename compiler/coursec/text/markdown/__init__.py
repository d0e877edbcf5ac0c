"""Rich text to the Markdown of the language, and the form in which every text can be written.

`markdown_text` writes what `normal` returns so that reading it gives an equal text.
"""

from coursec.text.markdown.blocks import markdown_text
from coursec.text.markdown.normal import normal

__all__ = ["markdown_text", "normal"]
