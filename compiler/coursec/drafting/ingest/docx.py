"""Word files to pages: through HTML, as headings make slides."""

from __future__ import annotations

import base64
from typing import Any

from coursec.drafting.ingest.html import read_html
from coursec.drafting.ingest.office import broken, is_harmless
from coursec.drafting.ingest.page import Deck
from coursec.drafting.ingest.source_file import LARGEST_PICTURE, Source

_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Heading 1'] => h2:fresh
p[style-name='Heading 2'] => h3:fresh
p[style-name='Heading 3'] => h4:fresh
p[style-name='heading 1'] => h2:fresh
p[style-name='heading 2'] => h3:fresh
p[style-name='heading 3'] => h4:fresh
p[style-name='Definition Term'] => dl > dt:fresh
p[style-name='Definition'] => dl > dd:fresh
p[style-name='Subtitle'] => p:fresh
p[style-name='Code'] => pre:separator('\\n')
p[style-name='Source Code'] => pre:separator('\\n')
p[style-name='HTML Preformatted'] => pre:separator('\\n')
"""


def read_docx(source: Source) -> Deck | None:
    """Return the slides of a Word file; None, and a finding, where it cannot be read."""
    if not is_harmless(source):
        return None
    import io

    import mammoth

    try:
        result = mammoth.convert_to_html(
            io.BytesIO(source.data),
            style_map=_STYLES,
            convert_image=mammoth.images.img_element(_image),
            external_file_access=False,
        )
    except Exception as error:  # the library raises what it meets inside of a broken file
        broken(source, error)
        return None
    return read_html(source, str(result.value))


def _image(image: Any) -> dict[str, str]:
    with image.open() as stream:
        data = stream.read(LARGEST_PICTURE + 1)
    encoded = base64.b64encode(data).decode("ascii")
    return {"src": f"data:image/png;base64,{encoded}", "alt": image.alt_text or ""}
