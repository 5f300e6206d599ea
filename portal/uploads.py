"""What an uploaded file is, found out from its bytes: PDF, PNG and JPEG pass, all else is refused kindly.

The name and type a browser declares are claims. The signature says what the file is, a real parse (pikepdf, Pillow)
says that it is whole, and a claim that disagrees is refused. A PDF may carry nothing that acts when opened and no
attachment but plain data; what cannot be read without a password cannot be checked, so it is refused too. Photographs
that tell where they were taken are let through and marked, since an address may be protected (design §6).
"""

import codecs
import hashlib
import io
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

import pikepdf
from django.utils.translation import gettext_lazy as _
from PIL import Image, UnidentifiedImageError

from portal.upload_names import declared_extension, safe_name

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

__all__ = ["UploadFacts", "UploadKind", "UploadProblem", "UploadRefused", "inspect_upload", "safe_name"]

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 50_000_000
MAX_PDF_NODES = 2_000_000
GPS_IFD = 0x8825
TEXT_SAMPLE = 65_536
MAX_CHAIN = 1000
MAX_UNPACKED = 256 * 1024 * 1024

# A small PDF can unpack to gigabytes. The limit is the process's own, so it is set once, before any file is opened.
pikepdf.settings.set_qpdf_limits(flate_max_memory=MAX_UNPACKED, run_length_max_memory=MAX_UNPACKED)


class UploadKind(StrEnum):
    """The kinds of file that pass."""

    PDF = "pdf"
    PNG = "png"
    JPEG = "jpeg"


class UploadProblem(StrEnum):
    """Why a file was refused."""

    EMPTY = "empty"
    TOO_BIG = "too_big"
    KIND = "kind"
    EXTENSION = "extension"
    DECLARED_TYPE = "declared_type"
    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    ACTIVE_CONTENT = "active_content"
    ATTACHMENTS = "attachments"
    TOO_LARGE_IMAGE = "too_large_image"
    TWO_IN_ONE = "two_in_one"
    INFECTED = "infected"
    NOT_SCANNED = "not_scanned"


MESSAGES: "dict[UploadProblem, _StrPromise]" = {
    UploadProblem.EMPTY: _("Filen er tom. Velg filen på nytt."),
    UploadProblem.TOO_BIG: _("Filen er for stor. Den kan være på høyst %(megabytes)s MB."),
    UploadProblem.KIND: _(
        "Denne typen fil kan ikke lastes opp. Bruk PDF, PNG eller JPEG. "
        "Et tekstdokument kan lagres som PDF, et bilde fra telefonen som JPEG."
    ),
    UploadProblem.EXTENSION: _("Filnavnet sier noe annet enn innholdet: innholdet er %(kind)s. Gi filen riktig navn."),
    UploadProblem.DECLARED_TYPE: _("Nettleseren oppga en annen filtype enn innholdet, som er %(kind)s. Prøv på nytt."),
    UploadProblem.DAMAGED: _(
        "Filen er skadet eller ikke fullstendig, og kan ikke leses. Lagre den på nytt og prøv igjen."
    ),
    UploadProblem.ENCRYPTED: _(
        "PDF-filen er beskyttet med passord eller kryptering. Lagre den uten beskyttelse først."
    ),
    UploadProblem.ACTIVE_CONTENT: _(
        "PDF-filen inneholder skript eller handlinger som kan kjøre når den åpnes. Skriv den ut til en ny PDF først."
    ),
    UploadProblem.ATTACHMENTS: _("PDF-filen har andre filer inni seg. Last dem opp hver for seg."),
    UploadProblem.TOO_LARGE_IMAGE: _("Bildet har for mange bildepunkter. Lagre det i mindre størrelse og prøv igjen."),
    UploadProblem.TWO_IN_ONE: _("Filen har en annen fil gjemt inni seg. Lagre den på nytt og prøv igjen."),
    UploadProblem.INFECTED: _("Filen har virus og er ikke lagret. Si fra til IT-avdelingen der du arbeider."),
    UploadProblem.NOT_SCANNED: _("Filen kunne ikke kontrolleres for virus nå, og er ikke lagret. Prøv igjen senere."),
}
LABELS = {UploadKind.PDF: "PDF", UploadKind.PNG: "PNG", UploadKind.JPEG: "JPEG"}
SIGNATURES = {b"%PDF-": UploadKind.PDF, b"\x89PNG\r\n\x1a\n": UploadKind.PNG, b"\xff\xd8\xff": UploadKind.JPEG}
MIME = {UploadKind.PDF: "application/pdf", UploadKind.PNG: "image/png", UploadKind.JPEG: "image/jpeg"}
EXTENSION = {UploadKind.PDF: ".pdf", UploadKind.PNG: ".png", UploadKind.JPEG: ".jpg"}
OTHER_EXTENSIONS = {UploadKind.JPEG: {".jpeg", ".jpe", ".jfif"}}
OTHER_TYPES = {UploadKind.PDF: {"application/x-pdf"}, UploadKind.JPEG: {"image/jpg", "image/pjpeg"}}
NO_CLAIM = {"", "application/octet-stream", "binary/octet-stream"}
ACTIVE_ACTIONS = {
    "/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/Rendition", "/Movie", "/Sound", "/GoToE", "/GoTo3DView",
    "/RichMediaExecute",
}  # fmt: skip
ACTIVE_KEYS = {"/JS", "/JavaScript", "/XFA", "/RichMediaContent", "/OnInstantiate"}
# What is done by itself, when the file or a page is opened: nothing but going to a place in the file.
BY_ITSELF = {"/OpenAction", "/AA"}
DATA_EXTENSIONS = {".json", ".xml", ".txt", ".csv"}


class UploadRefused(ValueError):
    """The file may not be stored; ``message`` says why and what to do, and holds nothing of the file."""

    def __init__(self, code: UploadProblem, **parameters: object) -> None:
        super().__init__(code.value)
        self.code = code
        self.message: str = str(MESSAGES[code]) % parameters if parameters else str(MESSAGES[code])


class ReadableFile(Protocol):
    """An open binary file, or Django's `UploadedFile`."""

    def read(self, size: int = ..., /) -> bytes:
        """At most ``size`` bytes."""
        ...

    def seek(self, offset: int, /) -> object:
        """Go to a place."""
        ...


@dataclass(frozen=True)
class UploadFacts:
    """What the bytes turned out to be. ``dimensions`` is (width, height) in pixels as stored."""

    kind: UploadKind
    mime: str
    extension: str
    size: int
    sha256: str
    safe_name: str
    pages: int | None = None
    dimensions: tuple[int, int] | None = None
    carries_location: bool = False


def inspect_upload(
    data: bytes | ReadableFile, declared_name: str, declared_type: str = "", *, max_bytes: int = MAX_BYTES
) -> UploadFacts:
    """Examine a file (bytes, or a seekable stream, which is left at its start). Raises `UploadRefused`."""
    content = _read(data, max_bytes)
    kind = next((kind for start, kind in SIGNATURES.items() if content.startswith(start)), None)
    if kind is None:
        raise UploadRefused(UploadProblem.KIND)
    _check_claims(kind, declared_name, declared_type)
    # An archive is read from its end, so it can stand behind any of ours.
    if zipfile.is_zipfile(io.BytesIO(content)):
        raise UploadRefused(UploadProblem.TWO_IN_ONE)
    pages, dimensions, location = None, None, False
    if kind is UploadKind.PDF:
        pages = _inspect_pdf(content)
    else:
        dimensions, location = _inspect_image(content, kind)
    return UploadFacts(
        kind=kind,
        mime=MIME[kind],
        extension=EXTENSION[kind],
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        safe_name=safe_name(declared_name, EXTENSION[kind]),
        pages=pages,
        dimensions=dimensions,
        carries_location=location,
    )


def _read(data: bytes | ReadableFile, max_bytes: int) -> bytes:
    if isinstance(data, bytes):
        content = data
    else:
        data.seek(0)
        content = data.read(max_bytes + 1)
        data.seek(0)
    if not content:
        raise UploadRefused(UploadProblem.EMPTY)
    if len(content) > max_bytes:
        raise UploadRefused(UploadProblem.TOO_BIG, megabytes=f"{max_bytes / 1024 / 1024:.3g}".replace(".", ","))
    return content


def _check_claims(kind: UploadKind, declared_name: str, declared_type: str) -> None:
    extension = declared_extension(declared_name)
    if extension and extension not in {EXTENSION[kind]} | OTHER_EXTENSIONS.get(kind, set()):
        raise UploadRefused(UploadProblem.EXTENSION, kind=LABELS[kind])
    claimed = declared_type.partition(";")[0].strip().lower()
    if claimed not in NO_CLAIM | {MIME[kind]} | OTHER_TYPES.get(kind, set()):
        raise UploadRefused(UploadProblem.DECLARED_TYPE, kind=LABELS[kind])


def _inspect_image(content: bytes, kind: UploadKind) -> tuple[tuple[int, int], bool]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=[kind.name]) as image:
                if image.width * image.height > MAX_PIXELS:
                    raise UploadRefused(UploadProblem.TOO_LARGE_IMAGE)
                image.load()
                return image.size, bool(image.getexif().get_ifd(GPS_IFD))
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise UploadRefused(UploadProblem.TOO_LARGE_IMAGE) from None
    except UploadRefused:
        raise
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, MemoryError):
        raise UploadRefused(UploadProblem.DAMAGED) from None


def _inspect_pdf(content: bytes) -> int:
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            if pdf.is_encrypted:
                raise UploadRefused(UploadProblem.ENCRYPTED)
            pages = len(pdf.pages)
            if not pages:
                raise UploadRefused(UploadProblem.DAMAGED)
            for node in _dictionaries(pdf):
                _check_dictionary(node)
            return pages
    except pikepdf.PasswordError:
        raise UploadRefused(UploadProblem.ENCRYPTED) from None
    except UploadRefused:
        raise
    except (pikepdf.PdfError, ValueError, TypeError, RuntimeError, RecursionError, MemoryError, zlib.error):
        raise UploadRefused(UploadProblem.DAMAGED) from None


def _dictionaries(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Every dictionary and stream of the file, reachable from a page or not, those written inline included."""
    waiting: list[pikepdf.Object] = [*pdf.objects, pdf.trailer]
    seen = 0
    while waiting:
        node = waiting.pop()
        if (seen := seen + 1) > MAX_PDF_NODES:
            raise UploadRefused(UploadProblem.DAMAGED)
        children: list[object] = []
        if isinstance(node, pikepdf.Dictionary | pikepdf.Stream):
            yield node
            children = [value for name, value in node.items()]
        elif isinstance(node, pikepdf.Array):
            children = list(node)
        # An indirect child is in pdf.objects already, and following it could go round in circles.
        waiting += [child for child in children if isinstance(child, pikepdf.Object) and not child.is_indirect]


def _check_dictionary(node: pikepdf.Object) -> None:
    action = node.get("/S")
    if ACTIVE_KEYS & set(node.keys()) or (isinstance(action, pikepdf.Name) and str(action) in ACTIVE_ACTIONS):
        raise UploadRefused(UploadProblem.ACTIVE_CONTENT)
    if any(_acts_by_itself(node[key]) for key in BY_ITSELF & set(node.keys())):
        raise UploadRefused(UploadProblem.ACTIVE_CONTENT)
    if "/EF" in node and not _is_plain_data(node):
        raise UploadRefused(UploadProblem.ATTACHMENTS)


def _acts_by_itself(action: pikepdf.Object) -> bool:
    """Whether it fetches an address, opens another file or anything else; chains and tables of actions included."""
    waiting, seen = [action], 0
    while waiting:
        node = waiting.pop()
        if (seen := seen + 1) > MAX_CHAIN:
            return True
        if isinstance(node, pikepdf.Array):
            waiting += [child for child in node if isinstance(child, pikepdf.Dictionary) and "/S" in child]
        elif isinstance(node, pikepdf.Dictionary):
            if isinstance(node.get("/S"), pikepdf.Name) and str(node.S) != "/GoTo":
                return True
            events = [] if "/S" in node else [value for _name, value in node.items()]
            waiting += [*([node.Next] if "/Next" in node else []), *events]
    return False


def _is_plain_data(file_specification: pikepdf.Object) -> bool:
    """Whether an attachment is named as data (the portal's own PDFs carry FHIR) and is text inside."""
    names = [str(file_specification[key]) for key in ("/UF", "/F") if key in file_specification]
    if not names or any(declared_extension(name) not in DATA_EXTENSIONS for name in names):
        return False
    return all(_starts_as_text(stream) for name, stream in file_specification["/EF"].items())


def _starts_as_text(stream: pikepdf.Object) -> bool:
    """Whether the first 64 kB are UTF-8 text. No more is unpacked: a small stream may hold gigabytes."""
    if not isinstance(stream, pikepdf.Stream) or str(stream.get("/Filter", "/FlateDecode")) != "/FlateDecode":
        return False
    start = stream.read_raw_bytes()
    if "/Filter" in stream:
        start = zlib.decompressobj().decompress(start, TEXT_SAMPLE)
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(start[:TEXT_SAMPLE])
    except UnicodeDecodeError:
        return False
    return "\0" not in text
