"""Archives by anyone: read from memory, within limits, and never written to disk."""

from __future__ import annotations

import re
import stat
import struct
import zlib
from dataclasses import dataclass, field
from io import BytesIO
from posixpath import dirname
from typing import Final
from urllib.parse import unquote
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from coursec.diagnostics import Diagnostics, Span

MOST_MEMBERS: Final = 20_000
MOST_BYTES: Final = 512 * 1024 * 1024
"""Bytes of all members together, inflated."""
LARGEST_MEMBER: Final = 128 * 1024 * 1024
"""Bytes of one member, inflated."""
HIGHEST_RATIO: Final = 200
"""How many times smaller a large member may be packed: XML and images stay far below."""
LONGEST_NAME: Final = 1_000
"""Characters of a member's name, folders included."""

_RATIO_FROM = 1024 * 1024
"""Bytes below which no member can do harm, however well it is packed."""
_PIECE = 1024 * 1024
_CENTRAL_ENTRY = b"PK\x01\x02"
_LOCAL_HEADER = struct.Struct("<4s22xHH")
_UTF8 = 0x800
_ENCRYPTED = 0x1 | 0x40 | 0x2000
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_DRIVE = re.compile(r"[A-Za-z]:")
_ORIGIN = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:|//")
_BROKEN = (
    BadZipFile,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
    struct.error,
    zlib.error,
)
"""What the standard library raises over damaged archives."""


@dataclass(slots=True)
class Package:
    """An archive whose members are known and harmless by name and size."""

    name: str
    """The archive's own place in findings; a member's is `<name>/<member>`."""
    sink: Diagnostics = field(repr=False)
    _archive: ZipFile = field(repr=False)
    _members: dict[str, ZipInfo] = field(repr=False)
    _folded: dict[str, list[str]] = field(repr=False)

    def names(self) -> tuple[str, ...]:
        """Return the names of all files, with forward slashes, in the archive's order."""
        return tuple(self._members)

    def place(self, member: str, line: int = 1) -> Span:
        """Return a place in a member."""
        return Span(f"{self.name}/{member}", line, 1, line, 1)

    def read(self, member: str) -> bytes | None:
        """Return a member's bytes; None, and a finding, where it is broken or missing."""
        info = self._members.get(member)
        if info is None:
            self.sink.report("W709", f"The package holds no `{member}`.", Span(self.name))
            return None
        pieces: list[bytes] = []
        size = 0
        try:
            with self._archive.open(info) as stream:
                while piece := stream.read(_PIECE):
                    size += len(piece)
                    if size > info.file_size:  # a header that lies
                        raise BadZipFile("more data than its header says")
                    pieces.append(piece)
        except _BROKEN as error:
            message = f"`{member}` in the package is broken: {_sentence(error)}."
            self.sink.report("E701", message, self.place(member))
            return None
        if size < info.file_size:
            message = f"`{member}` in the package is cut off."
            self.sink.report("E701", message, self.place(member))
            return None
        return b"".join(pieces)

    def read_start(self, member: str, most: int) -> bytes:
        """Return at most so many bytes of a member's start; none where it is broken."""
        try:
            with self._archive.open(self._members[member]) as stream:
                return stream.read(most)
        except (*_BROKEN, KeyError):
            return b""

    def find(self, href: str, base: str = "") -> str | None:
        """Return the member that an address means; None where there is none.

        `base` is the member, or the folder with a final slash, in which the address stands.
        Percent signs are decoded, `../` goes up, and where no name fits, one that differs in
        case only is taken if there is just one.
        """
        address = href.strip()
        if not address or _ORIGIN.match(address):
            return None
        folder = dirname(base)
        bare = re.split(r"[?#]", address, maxsplit=1)[0]
        # A name may hold a percent sign, a hash or a question mark itself.
        tries = (address, bare, unquote(bare), unquote(address))
        for written in dict.fromkeys(tries):
            for start in dict.fromkeys((folder, "")):
                found = self._exact(_joined(start, written))
                if found is not None:
                    return found
        return None

    def _exact(self, name: str | None) -> str | None:
        if not name:
            return None
        if name in self._members:
            return name
        alike = self._folded.get(name.casefold(), [])
        return alike[0] if len(alike) == 1 else None


class _RefusedError(Exception):
    """An archive is not opened; it never leaves this module."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def open_package(name: str, data: bytes, sink: Diagnostics) -> Package | None:
    """Return an archive after looking at all its members, of which none is read yet.

    E701 for an archive that is broken or cut off, E703 for one that holds what no question
    bank needs: names that lead out, links, devices, bombs, encrypted members.
    """
    try:
        archive = _opened(data)
        members = _members(archive)
        _refuse_overlap(data, archive)
    except _RefusedError as refused:
        sink.report(refused.code, refused.message, Span(name))
        return None
    folded: dict[str, list[str]] = {}
    for member in members:
        folded.setdefault(member.casefold(), []).append(member)
    return Package(name, sink, archive, members, folded)


def _opened(data: bytes) -> ZipFile:
    # Counted before they are read: each entry takes half a kilobyte once it is an object.
    if data.count(_CENTRAL_ENTRY) > MOST_MEMBERS:
        raise _RefusedError("E703", f"The archive holds more than {MOST_MEMBERS:,} files.")
    try:
        return ZipFile(BytesIO(data))
    except _BROKEN as error:
        message = f"The archive is broken or cut off: {_sentence(error)}."
        raise _RefusedError("E701", message) from None


def _members(archive: ZipFile) -> dict[str, ZipInfo]:
    members: dict[str, ZipInfo] = {}
    total = 0
    for info in archive.infolist():
        written = _written_name(info)
        shown = _shown(written)
        wrong = _wrong_name(written) or _wrong_kind(info) or _wrong_size(info)
        if wrong:
            raise _RefusedError("E703", f"`{shown}` in the archive {wrong}.")
        total += info.file_size
        if total > MOST_BYTES:
            message = f"The archive holds more than {MOST_BYTES >> 20} MB, at `{shown}`."
            raise _RefusedError("E703", message)
        member = _joined("", written)
        if written.endswith(("/", "\\")) or not member or _left_by_a_system(member):
            continue
        if member in members:
            raise _RefusedError("E703", f"`{shown}` stands twice in the archive.")
        members[member] = info
    return members


def _refuse_overlap(data: bytes, archive: ZipFile) -> None:
    """Refuse members that share bytes: a small bomb made of them grows large."""
    upto = archive.start_dir
    for info in sorted(archive.infolist(), key=lambda info: info.header_offset, reverse=True):
        start = max(info.header_offset, 0)
        header = data[start : start + _LOCAL_HEADER.size]
        shown = _shown(_written_name(info))
        if len(header) < _LOCAL_HEADER.size:
            raise _RefusedError("E701", f"`{shown}` in the archive is cut off.")
        _, name_size, extra_size = _LOCAL_HEADER.unpack(header)
        taken = _LOCAL_HEADER.size + name_size + extra_size + info.compress_size
        if info.header_offset + taken > upto:
            message = f"`{shown}` shares its bytes with another part of the archive."
            raise _RefusedError("E703", message)
        upto = info.header_offset


def _shown(name: str) -> str:
    """Return a name as a message can show it."""
    readable = _CONTROL.sub("\N{REPLACEMENT CHARACTER}", name)
    return readable if len(readable) <= 80 else readable[:79] + "…"


def _sentence(error: Exception) -> str:
    return _shown(str(error).rstrip(".") or type(error).__name__)


def _joined(folder: str, name: str) -> str | None:
    """Return a name below a folder, without dots; None where it leads out of the archive."""
    path = name.replace("\\", "/")
    parts: list[str] = []
    rooted = path.startswith("/")
    for part in ([] if rooted or not folder else folder.split("/")) + path.split("/"):
        if part in {"", "."}:
            continue
        if part == "..":
            if not parts:
                return None
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


def _written_name(info: ZipInfo) -> str:
    """Return a member's name; some tools write UTF-8 and do not say so."""
    name = info.orig_filename
    if info.flag_bits & _UTF8 or name.isascii():
        return name
    try:
        return name.encode("cp437").decode("utf-8")
    except UnicodeError:
        return name


def _wrong_name(name: str) -> str | None:
    """Return what is wrong with a member's name; tools on Windows may write backslashes."""
    path = name.replace("\\", "/")
    if len(path) > LONGEST_NAME:
        return "has a name that is too long"
    if _CONTROL.search(path):
        return "has a name with control characters"
    if path.startswith("/") or _DRIVE.match(path):
        return "has an absolute name"
    if ".." in path.split("/"):
        return "has a name that leads out of it"
    return None


def _wrong_kind(info: ZipInfo) -> str | None:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind == stat.S_IFLNK:
        return "is a link"
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
        return "is not a file"
    if info.flag_bits & _ENCRYPTED:
        return "is encrypted"
    if info.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        return "is packed in a way that is not read"
    return None


def _wrong_size(info: ZipInfo) -> str | None:
    if info.file_size > LARGEST_MEMBER:
        return f"is larger than {LARGEST_MEMBER >> 20} MB"
    if info.file_size > _RATIO_FROM and info.file_size > HIGHEST_RATIO * info.compress_size:
        return f"is packed more than {HIGHEST_RATIO} times smaller than it is"
    if info.compress_type == ZIP_STORED and info.file_size != info.compress_size:
        return "has two sizes"
    return None


def _left_by_a_system(member: str) -> bool:
    """Tell whether a file is one that an operating system left there."""
    last = member.rpartition("/")[2]
    return member.startswith("__MACOSX/") or last in {".DS_Store", "Thumbs.db", "desktop.ini"}
