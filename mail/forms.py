"""Form fields for files."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from mail import blobs

MAX_FILES = 10


class FileListInput(forms.ClearableFileInput):
    """The browser's file chooser for several files."""

    allow_multiple_selected = True


class FileListField(forms.FileField):
    """Several files, each checked by `mail.blobs.check`. Cleans to a list, empty where none was chosen."""

    widget = FileListInput

    def __init__(self, *args, max_files: int = MAX_FILES, **kwargs):
        super().__init__(*args, **kwargs)
        self.max_files = max_files

    def clean(self, data, initial=None) -> list:
        """Return the uploads; every file refused is named with its reason."""
        uploads = [upload for upload in _as_list(data) if upload]
        if not uploads:
            super().clean(None, initial)  # refuses where a file is required
            return []
        if len(uploads) > self.max_files:
            raise ValidationError(
                _("%(given)d files are too many at once. Choose at most %(most)d.")
                % {"given": len(uploads), "most": self.max_files}
            )
        refusals = [refusal for upload in uploads if (refusal := _refusal(upload))]
        if refusals:
            raise ValidationError(refusals)
        return uploads


def _as_list(data) -> list:
    return list(data) if isinstance(data, (list, tuple)) else [data]


def _refusal(upload) -> str:
    try:
        blobs.check(upload)
    except blobs.FileRefused as refused:
        return str(refused)
    return ""
