"""Files: checked by content, stored once, given back as attachments only (promise S6)."""

import io
import zipfile

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.utils.datastructures import MultiValueDict

from mail import blobs
from mail.blobs import FileRefused
from mail.forms import FileListField
from mail.models import Blob
from tests.mail.conftest import NOW

PDF = b"%PDF-1.7\n1 0 obj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20 + b"IEND\xaeB`\x82"
GIF = b"GIF89a\x01\x00\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + b"\x00" * 20 + b"\xff\xd9"
MP4 = b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00"
EML = b"From: a@b.example\r\nSubject: x\r\n\r\nWords \xff\r\n"


def _zip(*names: str) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return whole.getvalue()


TYPES = "[Content_Types].xml"
DOCX, XLSX, PPTX = (_zip(TYPES, name) for name in ("word/document.xml", "xl/workbook.xml", "ppt/presentation.xml"))

TAKEN = [
    ("a.pdf", PDF, "application/pdf"),
    ("a.PNG", PNG, "image/png"),
    ("photo.jpg", PNG, "image/png"),
    ("a.gif", GIF, "image/gif"),
    ("a.jpeg", JPEG, "image/jpeg"),
    ("a.webp", b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
    ("a.heic", b"\x00\x00\x00\x18ftypheic\x00", "image/heic"),
    ("a.mp4", MP4, "video/mp4"),
    ("a.mov", b"\x00\x00\x00\x14ftypqt  \x00", "video/quicktime"),
    ("a.docx", DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("a.xlsx", XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("a.pptx", PPTX, "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ("a.txt", "Grüezi".encode(), "text/plain"),
    ("a.csv", "\ufeffName;Betrag\r\nÄ;1".encode(), "text/csv"),
    ("a.eml", EML, "message/rfc822"),
    ("noending", PDF, "application/pdf"),
]
REFUSED = [
    ("a.html", b"<script>alert(1)</script>", "not what its name says"),
    ("a.svg", b"<svg xmlns='x'/>", "not what its name says"),
    ("a.exe", b"MZ\x90\x00\x03", "a kind we do not take"),
    ("a.pdf", b"MZ\x90\x00\x03", "a kind we do not take"),
    ("a.exe", PDF, "Save it as .pdf"),
    ("a.gif", b"GIF89a<script>alert(1)</script>", "not what its name says"),
    ("a.pdf", b"%PDF-1.7\n<html>", "not what its name says"),
    ("a.zip", _zip("a.txt"), "a kind we do not take"),
    ("a.docx", _zip("a.txt"), "a kind we do not take"),
    ("a.docx", _zip(TYPES, "word/document.xml", "word/vbaProject.bin"), "a kind we do not take"),
    ("a.docx", b"PK\x03\x04broken", "a kind we do not take"),
    ("a.csv", "Größe".encode("cp1252"), "a kind we do not take"),
    ("a.txt", b"a\x00b", "a kind we do not take"),
    ("a.eml", b"not a mail", "a kind we do not take"),
    ("a.txt", b"", "is empty"),
]


def _upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/html")


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path / "files"


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "content", "kind"), TAKEN)
def test_store_tells_a_file_by_its_content(name, content, kind):
    blob = blobs.store(upload=_upload(name, content), now=NOW)
    assert (blob.content_type, blob.size, blob.path.read_bytes()) == (kind, len(content), content)


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "content", "words"), REFUSED)
def test_store_refuses_with_a_reason_and_keeps_nothing(name, content, words, folder):
    with pytest.raises(FileRefused, match=words):
        blobs.store(upload=_upload(name, content), now=NOW)
    assert (Blob.objects.count(), folder.exists()) == (0, False)


@pytest.mark.django_db
def test_store_keeps_the_same_bytes_once(folder):
    first, again = (blobs.store(upload=_upload(name, PDF), now=NOW) for name in ("a.pdf", "b.pdf"))
    assert first.pk == again.pk
    stored = [path for path in folder.rglob("*") if path.is_file()]
    assert stored == [folder / first.sha256[:2] / first.sha256[2:4] / first.sha256]


@pytest.mark.django_db
def test_store_mends_a_row_whose_bytes_are_gone():
    blob = blobs.store(upload=_upload("a.pdf", PDF), now=NOW)
    blob.path.unlink()
    assert blobs.store(upload=_upload("a.pdf", PDF), now=NOW).pk == blob.pk
    assert blob.path.read_bytes() == PDF


@pytest.mark.django_db
def test_a_file_goes_out_as_an_attachment_without_power():
    blob = blobs.store(upload=_upload("a.txt", b"<script>"), now=NOW)
    answer = blobs.attachment_response(blob, "../Über\r\nx: y.txt")
    assert b"".join(answer.streaming_content) == b"<script>"
    answer.close()
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''%C3%9Cberx%3A%20y.txt"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.django_db
def test_a_file_whose_bytes_are_gone_is_not_found():
    blob = blobs.store(upload=_upload("a.pdf", PDF), now=NOW)
    blob.path.unlink()
    with pytest.raises(Http404):
        blobs.attachment_response(blob, "a.pdf")


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("C:\\temp\\a.pdf", "a.pdf"),
        ("../../etc/passwd", "passwd"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("", "file"),
        ("...", "file"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_shown_name_is_one_short_line_without_a_path(given, shown):
    assert blobs.shown_name(given) == shown


class _Form(forms.Form):
    files = FileListField(required=False, max_files=2)


def _form(*uploads) -> _Form:
    return _Form({}, MultiValueDict({"files": list(uploads)}))


def test_field_gives_a_list_of_uploads():
    form = _form(_upload("a.pdf", PDF), _upload("b.png", PNG))
    assert form.is_valid()
    assert [upload.name for upload in form.cleaned_data["files"]] == ["a.pdf", "b.png"]


def test_field_may_be_left_empty():
    form = _form()
    assert (form.is_valid(), form.cleaned_data["files"]) == (True, [])


def test_field_names_every_file_it_refuses():
    form = _form(_upload("a.exe", b"MZ\x00"), _upload("b.txt", b""))
    assert form.errors["files"] == [
        f"“a.exe” is of a kind we do not take. We take {blobs.ALLOWED}.",
        "“b.txt” is empty. Choose the file again.",
    ]


def test_field_says_how_many_are_too_many():
    form = _form(*[_upload(f"{n}.pdf", PDF) for n in range(3)])
    assert form.errors["files"] == ["3 files are too many at once. Choose at most 2."]


def test_field_answers_a_file_of_200_mb_with_a_sentence():
    upload = _upload("film.mp4", MP4)
    upload.size = 200 * 1024 * 1024
    assert _form(upload).errors["files"] == [
        "“film.mp4” has 200 MB; a file may have 25 MB. Choose a smaller version of it."
    ]
