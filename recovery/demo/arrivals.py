"""What reached Alder Castings this morning: replies on cases, an absence note, and messages that wait in the intake."""

from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from accounts.models import User
from cases import arriving, intake_items
from cases.models import Case, Contact, IntakeItem
from mail.envelope import reply_address
from mail.inbound import storing
from mail.models import Inbound

SOAKED = """Good morning

The pallets that came today stood in the rain, two are soaked through. It is the second time this month.
What will you do so that this ends?

Best regards
{name}
"""
FLANGES = """Hello

We wait for the flanges since Monday, and nobody answers the telephone. When do they come?
"""
PAINT = "Dear Sir or Madam, we offer industrial paint at half the price, this week only. Reply and save."
COUNTED = """Thank you for calling. We have counted again: thirty-eight arrived, two are still missing.

On {date}, Alder Castings wrote:

> We will tell you tomorrow how many are on their way.
> If anything is unclear, just reply to this letter.
"""
AWAY = "I am out of the office and read my mail again next week."


def arrive(people: dict[str, User], *, now: datetime) -> int:
    """Let some messages reach us in the last hour, by the roads real ones take; return how many."""
    known = Contact.objects.exclude(email="").select_related("customer").order_by("id")
    first, other = known[3], known[9]
    cases = list(Case.objects.open().exclude(reporter=None).filter(confidential=False).order_by("-id")[:2])
    raws = [
        _mail(first.name, first.email, "Pallets soaked again", SOAKED.format(name=first.name), now, 50),
        _mail("Purchasing", f"purchasing@{other.email.rpartition('@')[2]}", "Where are our flanges?", FLANGES, now, 25),
        _mail("Rainbow Paints", "offers@rainbow.example", "Paint at half the price", PAINT, now, 90),
        *(_reply(case, now) for case in cases[:1]),
        *(_reply(case, now, away=True) for case in cases[1:]),
    ]
    for raw, minutes in raws:
        storing.store(raw=raw, source=Inbound.Source.COMMAND, now=now - timedelta(minutes=minutes))
    arriving.take_in(now)
    for item in IntakeItem.objects.filter(inbound__sender="offers@rainbow.example"):
        intake_items.set_aside(item=item, actor=people["manager"], reason="Advertising, nobody's complaint.", now=now)
    return len(raws)


def _mail(name: str, address: str, subject: str, text: str, now: datetime, minutes: int, **headers: str):
    message = EmailMessage()
    message["From"], message["Subject"] = f"{name} <{address}>", subject
    message["To"] = headers.pop("to", "care@demo.example")
    message["Message-ID"] = make_msgid(domain=address.rpartition("@")[2])
    message["Date"] = format_datetime(now - timedelta(minutes=minutes + 1))
    for header, value in headers.items():
        message[header.replace("_", "-")] = value
    message.set_content(text)
    return message.as_bytes(), minutes


def _reply(case: Case, now: datetime, *, away: bool = False):
    who, minutes = case.reporter, 70 if away else 15
    subject = f"Automatic reply: {case.title}" if away else f"Re: {case.title}"
    text = AWAY if away else COUNTED.format(date=f"{now - timedelta(days=1):%a, %d %b %Y at %H:%M}")
    machine = {"Auto_Submitted": "auto-replied"} if away else {}
    return _mail(who.name, who.email, subject, text, now, minutes, to=reply_address(case.thread), **machine)
