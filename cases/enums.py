"""The closed lists of the domain. Values are what rows hold; labels are what people read."""

from django.db.models import IntegerChoices, TextChoices


class Severity(TextChoices):
    """How bad it is for the customer (product: critical = stopped, safety or public now)."""

    LOW = "low", "Low"
    NORMAL = "normal", "Normal"
    HIGH = "high", "High"
    CRITICAL = "critical", "Critical"

    @property
    def rank(self) -> int:
        """Place in the order from 0 (low) to 3 (critical)."""
        return list(Severity).index(self)


class Channel(TextChoices):
    """How the complaint reached us."""

    PHONE = "phone", "Phone"
    EMAIL = "email", "E-mail"
    WEB = "web", "Web form"
    MEETING = "meeting", "Meeting"
    LETTER = "letter", "Letter"
    SOCIAL = "social", "Social media"
    FOUND = "found", "We found it"


class Fault(TextChoices):
    """Whose fault it was; asked after the remedy (Hitt, principle 1)."""

    UNKNOWN = "unknown", "Not known yet"
    OURS = "ours", "Ours"
    SHARED = "shared", "Shared"
    NOT_OURS = "not_ours", "Not ours"


class CaseState(TextChoices):
    """The only three states; everything else is computed from rows."""

    OPEN = "open", "Open"
    RESOLVED = "resolved", "Resolved"
    CLOSED = "closed", "Closed"


class Outcome(TextChoices):
    """How a case ended."""

    RECOVERED = "recovered", "Recovered"
    ACCEPTED_SILENTLY = "accepted_silently", "Accepted silently"
    LET_GO = "let_go", "Let go"
    CUSTOMER_LOST = "customer_lost", "Customer lost"
    NOT_AGREED = "not_agreed", "Not agreed"
    WITHDRAWN = "withdrawn", "Withdrawn"
    MERGED = "merged", "Merged into another case"
    CLOSED_ELSEWHERE = "closed_elsewhere", "Closed before Goldseam"


class StepNumber(IntegerChoices):
    """Connelly's nine methods, in his order."""

    ACKNOWLEDGE = 1, "Acknowledge"
    CONTAIN = 2, "Contain"
    RESOLVE = 3, "Resolve"
    GO_BEYOND = 4, "Go beyond"
    ROOT_CAUSE = 5, "Root cause"
    LEARNINGS = 6, "Learnings"
    SURVEY = 7, "Survey"
    COUNCIL = 8, "Council"
    INSTITUTIONALIZE = 9, "Institutionalize"

    @property
    def slug(self) -> str:
        """The name used in URLs, templates and policies, such as `root_cause`."""
        return self.name.lower()


class StepState(TextChoices):
    """Where one step stands."""

    PLANNED = "planned", "Planned"
    DONE = "done", "Done"
    WAIVED = "waived", "Waived"
    ENDED = "ended", "Ended with the case"


class Tier(TextChoices):
    """How much of our business rests on this customer."""

    KEY = "key", "Key account"
    STANDARD = "standard", "Standard"
    SMALL = "small", "Small account"


class RemedyState(TextChoices):
    """Whether we asked what would make it right."""

    NOT_ASKED = "not_asked", "Not asked yet"
    TOLD = "told", "They told us"
    LEFT_TO_US = "left_to_us", "They left it to us"


class Side(TextChoices):
    """Whose word, fact or person it is."""

    OURS = "ours", "Ours"
    THEIRS = "theirs", "Theirs"


class EntryKind(TextChoices):
    """What happened between us and them, or among ourselves."""

    CALL = "call", "Call"
    MEETING = "meeting", "Meeting"
    LETTER = "letter", "Posted letter"
    EMAIL = "email", "E-mail"
    NOTE = "note", "Note"


class PromiseKind(TextChoices):
    """Original: made before the complaint. Recovery: made since; only these count for trust."""

    ORIGINAL = "original", "Before the complaint"
    RECOVERY = "recovery", "Since the complaint"


class PromiseForm(TextChoices):
    """How the promise was given."""

    WRITTEN = "written", "In writing"
    SAID = "said", "Only said"
    IMPLIED = "implied", "Only implied"


class PromiseState(TextChoices):
    """What became of a promise."""

    PENDING = "pending", "Not due yet"
    KEPT = "kept", "Kept"
    BROKEN = "broken", "Broken"
    RENEGOTIATED = "renegotiated", "Moved with their consent"
    DISPUTED = "disputed", "They say it was not kept"


class ActionKind(TextChoices):
    """What an action is for."""

    IMMEDIATE = "immediate", "Immediate help"
    CONTAINMENT = "containment", "Containment"
    CORRECTIVE = "corrective", "Corrective action"


class OfferAnswer(TextChoices):
    """What the customer said to our offer; never a refusal of the result."""

    PENDING = "pending", "No answer yet"
    ACCEPTED = "accepted", "Accepted"
    SOMETHING_ELSE = "something_else", "Wants something else"


class Verdict(TextChoices):
    """What the customer said of the result, on a page of their own."""

    PENDING = "pending", "Not answered"
    YES = "yes", "It is put right"
    NOT_YET = "not_yet", "Not yet"
    SILENT = "silent", "Accepted silently"


class CheckInState(TextChoices):
    """How a check-in after the confirmation went."""

    PENDING = "pending", "Still to come"
    GOOD = "good", "It holds"
    BAD = "bad", "It does not hold"
    CALLED_OFF = "called_off", "Called off"


class ClearanceKind(TextChoices):
    """What counsel has to clear on a case marked legal, safety or irregular."""

    ADMISSION = "admission", "Saying that it was our fault"
    OFFER = "offer", "An offer"


class ClearanceState(TextChoices):
    """Where counsel's clearance stands."""

    ASKED = "asked", "Waiting for counsel"
    CLEARED = "cleared", "Cleared"
    REFUSED = "refused", "Not cleared"


class EndingState(TextChoices):
    """Where an end that somebody asked for stands."""

    ASKED = "asked", "Waiting for the lead"
    CONFIRMED = "confirmed", "Confirmed"
    REFUSED = "refused", "Not confirmed"
    OVERTAKEN = "overtaken", "Overtaken"


class GestureKind(TextChoices):
    """What the failure cost them, and so what a fitting gesture gives back."""

    TIME = "time", "Time"
    TRUST = "trust", "Trust"
    EFFORT = "effort", "Effort"
    MONEY = "money", "Money"


class GestureState(TextChoices):
    """Where a gesture stands."""

    PROPOSED = "proposed", "Waiting for approval"
    APPROVED = "approved", "Approved"
    DECLINED = "declined", "Declined"
    DELIVERED = "delivered", "Delivered"


class CauseState(TextChoices):
    """How sure we are of a cause."""

    SUSPECTED = "suspected", "Suspected"
    PROVED = "proved", "Proved"


class WhyChain(TextChoices):
    """Why it happened, and why we did not catch it."""

    OCCURRENCE = "occurrence", "Why it happened"
    ESCAPE = "escape", "Why we did not catch it"


class ExposureState(TextChoices):
    """What was done for another customer who shares a link with the cause."""

    OPEN = "open", "To check"
    SAFE = "safe", "Safe"
    FIXED = "fixed", "Fixed"
    TOLD = "told", "Told first"


class CheckResult(TextChoices):
    """Whether the corrective action worked."""

    PENDING = "pending", "Not checked yet"
    PASSED = "passed", "It worked"
    FAILED = "failed", "It did not work"


class DiscoveryAnswer(TextChoices):
    """Answer to one of Connelly's seven discovery questions."""

    YES = "yes", "Yes"
    PARTLY = "partly", "Partly"
    NO = "no", "No"
    UNKNOWN = "unknown", "Not known yet"


class DueKind(TextChoices):
    """Everything that can fall due; one sweep chases them all."""

    STEP = "step", "Step"
    PROMISE = "promise", "Promise"
    ACTION = "action", "Action"
    DECISION = "decision", "Council decision"
    CHECK = "check", "Effectiveness check"
    EXPOSURE = "exposure", "Customer to tell first"
    SILENCE = "silence", "Silence"
    UNASSIGNED = "unassigned", "Nobody owns it"
    REPLY = "reply", "A word to answer"
    WISH = "wish", "They asked for a person"
    CHECK_IN = "check_in", "Check-in"
    CLEARANCE = "clearance", "Counsel's clearance"
    ENDING = "ending", "An end to confirm"
    WAIVER = "waiver", "A step to leave out or not"
    MARK = "mark", "Their message to mark"


class EscalationReason(TextChoices):
    """Why a case lies before the council."""

    OVERDUE = "overdue", "A deadline passed by a quarter"
    BROKEN_PROMISE = "broken_promise", "A promise to the customer was broken"
    REFUSED = "refused", "The customer refused the result"
    LOW_ANSWER = "low_answer", "The customer marked us low"
    CHECK_IN = "check_in", "A check-in found that it does not hold"
    REPEAT = "repeat", "Again within 90 days"
    RECURRENCE = "recurrence", "The same cause struck again"
    SENSITIVE = "sensitive", "Legal, safety or irregular"
    GESTURE = "gesture", "A gesture above the owner's limit"
    SILENT = "silent", "No answer to the confirm letter"
    WAIVER = "waiver", "A waiver the council must grant"
    BY_HAND = "by_hand", "The owner asks for help"
    NOT_AGREED = "not_agreed", "The owner asks for a final answer"
    LET_GO = "let_go", "Whether to let the customer go"
