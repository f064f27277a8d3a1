"""Files people hand in: checked by content, stored by content, given back as attachments only."""

import hashlib
import os
import secrets
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from mail import filetypes
from mail.models import Blob

MAX_BYTES = 25 * 1024 * 1024
NAME_LENGTH = 120
LONGEST_ENDING = 9
ALLOWED = gettext_noop(
    "PDF, pictures, Word, Excel and PowerPoint without macros, plain text, CSV, e-mails and short films"
)


class FileRefused(ValueError):
    """A file is not taken; its words say why and what to do."""


def check(upload: UploadedFile) -> filetypes.FileType:
    """Return what `upload` is. Raises FileRefused when it is empty, over 25 MB, or nothing we take."""
    name = shown_name(upload.name)
    if upload.size > MAX_BYTES:
        size = upload.size / 1024 / 1024
        raise FileRefused(
            _("“%(name)s” has %(size)d MB; a file may have 25 MB. Choose a smaller version of it.")
            % {"name": name, "size": round(size)}
        )
    if not upload.size:
        raise FileRefused(_("“%(name)s” is empty. Choose the file again.") % {"name": name})
    found = filetypes.type_of(upload.file, name=name)
    ending = filetypes.ending_of(name)
    if found is None:
        raise FileRefused(
            _("“%(name)s” is of a kind we do not take. We take %(kinds)s.") % {"name": name, "kinds": _(ALLOWED)}
        )
    if ending and ending not in found.endings:
        raise FileRefused(
            _("“%(name)s” is not what its name says. Save it as .%(ending)s and try again.")
            % {"name": name, "ending": found.endings[0]}
        )
    return found


def store(*, upload: UploadedFile, now: datetime) -> Blob:
    """Store `upload` and return its row; the same bytes are stored once. Raises FileRefused.

    The bytes are on the disk before the row is written, so a row never points at nothing; a crash in between
    leaves a file that the next upload of the same bytes finds again.
    """
    found = check(upload)
    digest = _digest(upload)
    known = Blob.objects.filter(sha256=digest).first()
    if known and known.path.exists():
        return known
    fresh = Blob(sha256=digest, size=upload.size, content_type=found.content_type, stored_at=now)
    _write(upload, fresh.path)
    Blob.objects.bulk_create([fresh], ignore_conflicts=True)
    Blob.objects.filter(sha256=digest, erased_at__isnull=False).update(erased_at=None)
    return Blob.objects.get(sha256=digest)


def attachment_response(blob: Blob, name: str) -> FileResponse:
    """Return the answer that downloads `blob` under `name`; it never runs or shows inside a page of ours.

    The caller has checked that the reader may have it. Raises Http404 when the bytes are gone.
    """
    try:
        file = blob.path.open("rb")
    except FileNotFoundError as error:
        raise Http404("This file is no longer stored.") from error
    answer = FileResponse(file, as_attachment=True, filename=shown_name(name), content_type=blob.content_type)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "private, no-store"
    return answer


def shown_name(name: str) -> str:
    """Return a file's name as it is kept and shown: one line, no path, at most 120 characters."""
    bare = "".join(char for char in name.replace("\\", "/").rpartition("/")[2] if char.isprintable())
    stem, dot, ending = bare.strip(" .").rpartition(".")
    if not dot or len(ending) > LONGEST_ENDING:
        return bare.strip(" .")[:NAME_LENGTH] or "file"
    return f"{stem[: NAME_LENGTH - 1 - len(ending)]}.{ending}"


def _digest(upload: UploadedFile) -> str:
    sha256 = hashlib.sha256()
    for chunk in upload.chunks():
        sha256.update(chunk)
    return sha256.hexdigest()


def _write(upload: UploadedFile, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    half = settings.DATA_DIR / "files" / f".{secrets.token_hex(8)}.part"
    try:
        with half.open("wb") as file:
            for chunk in upload.chunks():
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        os.replace(half, path)
    finally:
        half.unlink(missing_ok=True)
