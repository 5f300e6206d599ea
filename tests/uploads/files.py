"""Small real files for the upload tests, made here so that none is kept in the repository."""

import io
import zlib

import pikepdf
from PIL import Image

GPS_IFD = 0x8825
ORIENTATION = 0x0112


def pdf(pages: int = 1, **root: object) -> bytes:
    """A PDF; keyword arguments become entries of its catalogue."""
    document = pikepdf.new()
    for _number in range(pages):
        document.add_blank_page(page_size=(595, 842))
    for key, value in root.items():
        document.Root[f"/{key}"] = value
    return _saved(document)


def pdf_with_page_entry(key: str, value: object) -> bytes:
    """A PDF whose page carries one more entry."""
    document = pikepdf.open(io.BytesIO(pdf()))
    document.pages[0].obj[key] = value
    return _saved(document)


def encrypted_pdf(user: str, owner: str) -> bytes:
    """A PDF protected by a user password, or by an owner password only."""
    document = pikepdf.open(io.BytesIO(pdf()))
    return _saved(document, encryption=pikepdf.Encryption(user=user, owner=owner))


def pdf_with_attachment(name: str, content: bytes) -> bytes:
    """A PDF with another file inside."""
    document = pikepdf.open(io.BytesIO(pdf()))
    document.attachments[name] = pikepdf.AttachedFileSpec(document, content, filename=name)
    return _saved(document)


def pdf_that_unpacks_to(megabytes: int) -> bytes:
    """A PDF whose only object stream is small as stored and huge unpacked."""
    packer = zlib.compressobj()
    content = packer.compress(b"1 0 ") + b"".join(packer.compress(b" " * 1_048_576) for _mb in range(megabytes))
    content += packer.compress(b"<</Type/Catalog/Pages 3 0 R>>") + packer.flush()
    parts = [b"%PDF-1.5\n"]
    stream_at = len(parts[0])
    parts.append(
        b"2 0 obj\n<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>\nstream\n" % len(content)
        + content
        + b"\nendstream\nendobj\n"
    )
    pages_at = sum(map(len, parts))
    parts.append(b"3 0 obj\n<</Type/Pages/Kids[4 0 R]/Count 1>>\nendobj\n")
    page_at = sum(map(len, parts))
    parts.append(b"4 0 obj\n<</Type/Page/Parent 3 0 R/MediaBox[0 0 9 9]>>\nendobj\n")
    table_at = sum(map(len, parts))
    rows = [(0, 0, 0), (2, 2, 0), (1, stream_at, 0), (1, pages_at, 0), (1, page_at, 0), (1, table_at, 0)]
    table = b"".join(bytes([kind]) + where.to_bytes(4, "big") + bytes([last]) for kind, where, last in rows)
    parts.append(
        b"5 0 obj\n<</Type/XRef/Size 6/W[1 4 1]/Root 1 0 R/Length %d>>\nstream\n" % len(table)
        + table
        + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF" % table_at
    )
    return b"".join(parts)


def image(form: str, size: tuple[int, int] = (40, 30), *, located: bool = False) -> bytes:
    """An image in a format Pillow writes, with a position in its metadata if wished."""
    target = io.BytesIO()
    picture = Image.new("RGB", size, "teal")
    exif = Image.Exif()
    if located:
        exif[ORIENTATION] = 1
        exif.get_ifd(GPS_IFD)[1] = "N"
    picture.save(target, form, **({"exif": exif} if located else {}))
    return target.getvalue()


def _saved(document: pikepdf.Pdf, **options: object) -> bytes:
    target = io.BytesIO()
    document.save(target, **options)
    return target.getvalue()
