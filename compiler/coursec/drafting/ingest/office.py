"""The door for Office files: archives within limits, before any library opens them."""

from __future__ import annotations

from coursec.diagnostics import Diagnostics
from coursec.drafting.ingest.source_file import Source
from coursec.readers.package import open_package


def is_harmless(source: Source) -> bool:
    """Tell whether an Office file is an archive within limits; report why it is not."""
    inner = Diagnostics()
    package = open_package(source.name, source.data, inner)
    if package is not None:
        encrypted = "EncryptedPackage" in package.names()
        if encrypted:
            source.refuse("E902", "The file is protected by a password.", "Save it without one.")
            return False
        for name in package.names():
            if name.endswith((".xml", ".rels")) and b"<!DOCTYPE" in package.read_start(name, 2048):
                source.refuse("E901", f"`{name}` in the file declares a document type.")
                return False
        return True
    for finding in inner:
        code = "E904" if finding.code == "E703" else "E901"
        source.refuse(code, finding.message, finding.hint)
    return False


def broken(source: Source, error: BaseException) -> None:
    """Report a file that a library could not read."""
    reason = str(error).strip().split("\n")[0][:120] or type(error).__name__
    source.refuse("E901", f"The file is broken or cut off: {reason}.", "Save it again.")
