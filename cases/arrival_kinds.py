"""The closed lists about messages that reach us. Values are what rows hold; labels are what people read."""

from django.db.models import TextChoices


class IntakeState(TextChoices):
    """What became of a message that belonged to no case."""

    WAITING = "waiting", "Waiting"
    ACCEPTED = "accepted", "Became a case"
    ADDED = "added", "Put on a case"
    ASIDE = "aside", "Set aside"


class MatchedBy(TextChoices):
    """How sure we are of who wrote."""

    ADDRESS = "address", "Their address"
    DOMAIN = "domain", "The domain of their address"


class SampleResult(TextChoices):
    """What the lead found on a message that was set aside."""

    RIGHT = "right", "Rightly set aside"
    WRONG = "wrong", "Brought back"


class MessageMark(TextChoices):
    """What a message of theirs says, by the owner's reading."""

    CONFIRMS = "confirms", "It says that it is put right"
    REFUSES = "refuses", "It says that it is not put right"
    ELSE = "else", "Something else"
    REOPENS = "reopens", "It sends the case back to work"
    DECLINED = "declined", "It does not: the case stays as it is"
