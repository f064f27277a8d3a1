"""What is half-written stays when its page is shown again: in another language, or because something was refused."""

from django.forms.utils import ErrorDict
from django.http import QueryDict

from surveys.languages import SWITCH

_NOT_TYPED = (SWITCH, "csrfmiddlewaretoken")


class Halfway:
    """A form that may be shown with what was typed into it, and without a word about what is missing."""

    is_halfway = False

    @classmethod
    def of(cls, given: QueryDict, **kwargs):
        """Return the form with what was typed into it, or a fresh one where nothing was.

        Nothing was sent with it, so that it finds no fault and is never valid.
        """
        typed = cls(given, **kwargs)
        if not any(given.get(typed.add_prefix(name), "").strip() for name in typed.fields):
            return cls(**kwargs)
        typed.is_halfway = True
        return typed

    def full_clean(self) -> None:
        """Check what was sent, but not what is only half-written."""
        if not self.is_halfway:
            return super().full_clean()
        self._errors, self.cleaned_data = ErrorDict(), {}
        return None

    def is_valid(self) -> bool:
        """Tell whether it was sent and is in order."""
        return not self.is_halfway and super().is_valid()


def anything(given: QueryDict) -> bool:
    """Tell whether anything was typed, chosen or marked on the page that was sent."""
    return any(value.strip() for name, values in given.lists() if name not in _NOT_TYPED for value in values)
