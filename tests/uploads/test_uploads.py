"""What passes as an upload, what is refused, and what the person reads."""

import hashlib
import io
import zipfile
import zlib

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from portal.uploads import MESSAGES, UploadKind, UploadProblem, UploadRefused, inspect_upload, safe_name
from tests.uploads import files

JS = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def refused(content: bytes, name: str = "fil.pdf", declared: str = "", **options: int) -> UploadProblem:
    with pytest.raises(UploadRefused) as caught:
        inspect_upload(content, name, declared, **options)
    assert caught.value.message
    assert "%(" not in caught.value.message
    return caught.value.code


def test_a_pdf_passes_with_its_facts() -> None:
    content = files.pdf(pages=3)
    facts = inspect_upload(content, "Rapport fra PPT.PDF", "application/pdf")
    assert (facts.kind, facts.mime, facts.extension, facts.pages) == (UploadKind.PDF, "application/pdf", ".pdf", 3)
    assert (facts.size, facts.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert facts.safe_name == "Rapport fra PPT.pdf"
    assert facts.dimensions is None


@pytest.mark.parametrize(
    ("form", "name", "declared", "kind"),
    [
        ("PNG", "tegning.png", "image/png", UploadKind.PNG),
        ("JPEG", "IMG_0001.JPG", "image/jpeg", UploadKind.JPEG),
        ("JPEG", "skann.jpeg", "image/pjpeg", UploadKind.JPEG),
        ("JPEG", "uten-endelse", "", UploadKind.JPEG),
        ("PNG", "tegning.png", "application/octet-stream", UploadKind.PNG),
        ("PNG", "tegning.png", "Image/PNG; charset=binary", UploadKind.PNG),
    ],
)
def test_images_pass_with_their_dimensions(form: str, name: str, declared: str, kind: UploadKind) -> None:
    facts = inspect_upload(files.image(form), name, declared)
    assert (facts.kind, facts.dimensions, facts.pages) == (kind, (40, 30), None)
    assert not facts.carries_location


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_a_photo_that_tells_where_it_was_taken_is_marked(form: str) -> None:
    assert inspect_upload(files.image(form, located=True), f"hjemme.{form.lower()}").carries_location


def test_djangos_uploaded_file_is_read_from_its_start_and_left_there() -> None:
    upload = SimpleUploadedFile("rapport.pdf", files.pdf(), "application/pdf")
    upload.seek(10)
    assert inspect_upload(upload, upload.name or "", upload.content_type or "").pages == 1
    assert upload.tell() == 0


def test_an_empty_file_is_refused() -> None:
    assert refused(b"") is UploadProblem.EMPTY


def test_a_file_over_the_limit_is_refused_and_one_at_the_limit_passes() -> None:
    content = files.pdf()
    assert inspect_upload(content, "a.pdf", max_bytes=len(content)).pages == 1
    assert refused(content, max_bytes=len(content) - 1) is UploadProblem.TOO_BIG
    with pytest.raises(UploadRefused, match="too_big") as caught:
        inspect_upload(io.BytesIO(b"x" * 1_600_000), "a.pdf", max_bytes=1_572_864)
    assert "1,5 MB" in caught.value.message


def other_kinds() -> dict[str, bytes]:
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    return {
        "docx": zipped.getvalue(),
        "exe": b"MZ\x90\x00" + b"\x00" * 100,
        "html": b"<html><script>alert(1)</script></html>",
        "svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        "text": b"bare tekst",
        "gif": files.image("GIF"),
        "tiff": files.image("TIFF"),
        "webp": files.image("WEBP"),
        "pdf after other content": b"<html>" + files.pdf(),
    }


@pytest.mark.parametrize("kind", other_kinds())
@pytest.mark.parametrize("name", ["fil.pdf", "fil.png", "fil"])
def test_other_kinds_are_refused_whatever_they_are_called(kind: str, name: str) -> None:
    assert refused(other_kinds()[kind], name, "application/pdf") is UploadProblem.KIND


@pytest.mark.parametrize("name", ["rapport.png", "rapport.pdf.exe", "rapport.docx", "mappe/rapport.html"])
def test_a_name_that_lies_is_refused_and_told_what_the_content_is(name: str) -> None:
    with pytest.raises(UploadRefused) as caught:
        inspect_upload(files.pdf(), name)
    assert caught.value.code is UploadProblem.EXTENSION
    assert "PDF" in caught.value.message


def test_a_declared_type_that_lies_is_refused() -> None:
    assert refused(files.pdf(), "a.pdf", "image/png") is UploadProblem.DECLARED_TYPE
    assert refused(files.image("PNG"), "a.png", "text/html") is UploadProblem.DECLARED_TYPE


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\nikke mer",
        b"%PDF-",
        files.pdf()[:60],
        files.pdf(pages=0),
        files.image("PNG")[:40],
        b"\x89PNG\r\n\x1a\n",
        files.image("JPEG", (400, 400))[:400],
        b"\xff\xd8\xff\xe0tull",
    ],
)
def test_a_damaged_file_is_refused(content: bytes) -> None:
    extension = {b"%": "pdf", b"\x89": "png", b"\xff": "jpg"}[content[:1]]
    assert refused(content, f"fil.{extension}") is UploadProblem.DAMAGED


@given(st.sampled_from([b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"]), st.binary(max_size=300))
def test_noise_after_a_signature_never_breaks_the_page(start: bytes, noise: bytes) -> None:
    assert refused(start + noise, "fil") in {UploadProblem.DAMAGED, UploadProblem.TOO_LARGE_IMAGE}


@pytest.mark.parametrize(("user", "owner"), [("hemmelig", "hemmelig"), ("", "eier")])
def test_a_protected_pdf_is_refused(user: str, owner: str) -> None:
    assert refused(files.encrypted_pdf(user, owner)) is UploadProblem.ENCRYPTED


@pytest.mark.parametrize(
    "content",
    [
        files.pdf(OpenAction=JS),
        files.pdf(AA=pikepdf.Dictionary(WC=JS)),
        files.pdf(OpenAction=pikepdf.Dictionary(S=pikepdf.Name.Launch, F="cmd.exe")),
        files.pdf(Names=pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=pikepdf.Array(["a", JS])))),
        files.pdf(AcroForm=pikepdf.Dictionary(Fields=pikepdf.Array(), XFA=pikepdf.Array())),
        files.pdf_with_page_entry(
            "/Annots",
            pikepdf.Array([pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, A=JS)]),
        ),
        files.pdf_with_page_entry("/AA", pikepdf.Dictionary(O=pikepdf.Dictionary(S=pikepdf.Name.SubmitForm, F="x"))),
        files.pdf(
            OpenAction=pikepdf.Dictionary(
                S=pikepdf.Name.GoTo, D=pikepdf.Array(), Next=pikepdf.Array([pikepdf.Dictionary(S=pikepdf.Name.Launch)])
            )
        ),
    ],
    ids=["open", "close", "launch", "named script", "xfa", "link", "page action submits", "hidden behind another"],
)
def test_a_pdf_that_acts_when_opened_is_refused(content: bytes) -> None:
    assert refused(content) is UploadProblem.ACTIVE_CONTENT


def test_ordinary_links_pass() -> None:
    link = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Link,
        A=pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://www.example.org/"),
    )
    assert inspect_upload(files.pdf_with_page_entry("/Annots", pikepdf.Array([link])), "a.pdf").pages == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("program.exe", b"MZ"),
        ("data.json", b"MZ\x90\x00\xff"),
        ("data.xml", b"PK\x03\x04\x00\x00"),
        ("annen.pdf", files.pdf()),
        ("uten", b"tekst"),
    ],
)
def test_files_inside_a_pdf_are_refused(name: str, content: bytes) -> None:
    assert refused(files.pdf_with_attachment(name, content)) is UploadProblem.ATTACHMENTS


def test_the_portals_own_pdf_with_its_data_inside_passes() -> None:
    content = files.pdf_with_attachment("henvisning.json", '{"resourceType": "Bundle", "å": 1}'.encode())
    assert inspect_upload(content, "henvisning.pdf").pages == 1


def test_a_small_pdf_that_unpacks_to_gigabytes_is_refused() -> None:
    assert inspect_upload(files.pdf_that_unpacks_to(1), "a.pdf").pages == 1
    assert refused(files.pdf_that_unpacks_to(300)) is UploadProblem.DAMAGED


def test_a_small_image_that_unpacks_to_gigabytes_is_refused() -> None:
    content = bytearray(files.image("PNG", (8, 8)))
    content[16:24] = (60_000).to_bytes(4, "big") * 2
    content[29:33] = zlib.crc32(bytes(content[12:29])).to_bytes(4, "big")
    assert refused(bytes(content), "a.png") is UploadProblem.TOO_LARGE_IMAGE


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ("rapport.pdf", "rapport.pdf"),
        ("C:\\Users\\kari\\Skrivebord\\rapport.pdf", "rapport.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("/etc/", "vedlegg.pdf"),
        ("", "vedlegg.pdf"),
        ("..", "vedlegg.pdf"),
        (".pdf", "pdf.pdf"),
        ("rapport\x00.pdf", "rapport.pdf"),
        ("linje\r\nskift.pdf", "linje skift.pdf"),
        ("regning\u202efdp.exe", "regningfdp.pdf"),
        ("null\u200bbredde.pdf", "nullbredde.pdf"),
        ('hva: "nå"?.pdf', "hva_ _nå__.pdf"),
        ("bla\u030a.pdf", "blå.pdf"),
        ("Бюлетень.pdf", "Бюлетень.pdf"),
        ("تقرير.pdf", "تقرير.pdf"),
        ("notat 3. mars", "notat 3. mars.pdf"),
        ("skann.jpeg", "skann.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("com1.notat.pdf", "_com1.notat.pdf"),
        ("a.pdf. ", "a.pdf.pdf"),
        ("x" * 500 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_names_are_made_safe(declared: str, expected: str) -> None:
    assert safe_name(declared, ".pdf") == expected


@given(st.text(max_size=300))
def test_a_safe_name_is_one_short_visible_name(declared: str) -> None:
    name = safe_name(declared, ".pdf")
    assert name.endswith(".pdf")
    assert len(name) <= 120
    assert name.isprintable()
    assert not set(name) & set('/\\<>:"|?*%')
    assert not name.startswith(".")
    assert safe_name(name, ".pdf") == name


def test_every_problem_has_a_message() -> None:
    assert set(MESSAGES) == set(UploadProblem)


URL_ACTION = pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://sporer.example/")


@pytest.mark.parametrize(
    "root",
    [
        {"OpenAction": URL_ACTION},
        {"OpenAction": pikepdf.Dictionary(S=pikepdf.Name.GoToR, F=r"\\tjener\fil.pdf")},
        {"AA": pikepdf.Dictionary(WC=URL_ACTION)},
        {"OpenAction": pikepdf.Dictionary(S=pikepdf.Name.GoTo, D=pikepdf.Array(), Next=URL_ACTION)},
        {"OpenAction": pikepdf.Dictionary(S=pikepdf.Name.GoTo, D=pikepdf.Array(), Next=pikepdf.Array([URL_ACTION]))},
    ],
    ids=["address", "file on a server", "when closed", "behind another", "in a list behind another"],
)
def test_a_pdf_that_fetches_something_by_itself_is_refused(root: dict[str, pikepdf.Object]) -> None:
    """An address that a person clicks is a link; one that is opened with the file tells that it was read."""
    assert refused(files.pdf(**root)) is UploadProblem.ACTIVE_CONTENT


def test_a_pdf_that_opens_at_a_place_passes() -> None:
    there = pikepdf.Array([0, pikepdf.Name.Fit])
    for action in (there, pikepdf.Dictionary(S=pikepdf.Name.GoTo, D=there)):
        assert inspect_upload(files.pdf(OpenAction=action), "a.pdf").pages == 1


def test_a_script_hidden_in_a_packed_object_is_found() -> None:
    """Given a script in an object stream, which no search through the bytes finds; then the parse does."""
    document = pikepdf.open(io.BytesIO(files.pdf()))
    document.Root["/Names"] = document.make_indirect(
        pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=pikepdf.Array(["a", document.make_indirect(JS)])))
    )
    target = io.BytesIO()
    document.save(target, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert b"JavaScript" not in target.getvalue()
    assert refused(target.getvalue()) is UploadProblem.ACTIVE_CONTENT


@pytest.mark.parametrize(("form", "name"), [("PDF", "a.pdf"), ("PNG", "a.png"), ("JPEG", "a.jpg")])
def test_a_file_that_is_an_archive_too_is_refused(form: str, name: str) -> None:
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("program.exe", b"MZ")
    front = files.pdf() if form == "PDF" else files.image(form)
    assert refused(front + zipped.getvalue(), name) is UploadProblem.TWO_IN_ONE
