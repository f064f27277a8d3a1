"""Rows of the heart of the house, one subject per file."""

from cases.models.arrival import IntakeItem
from cases.models.calendars import CalendarUse, Holiday
from cases.models.case import Case, CaseReader, Relation, Round
from cases.models.cause import CaseCause, Cause, Change, Check, Exposure, Why
from cases.models.ending import Ending
from cases.models.ledger import Chain, Event, Words
from cases.models.letters import LetterText, Outgoing
from cases.models.people import Contact, Customer, CustomerMark, Link, Rate
from cases.models.record import (
    Action,
    CaseFile,
    Confirmation,
    Discovery,
    Entry,
    Fact,
    Gap,
    Gesture,
    Offer,
    Promise,
)
from cases.models.rules import Calendar, CalendarVersion, Category, CauseKind, Policy, PolicyVersion
from cases.models.signal import Signal
from cases.models.steps import Chase, Due, Escalation, Pause, Snooze, Step
from cases.models.upkeep import ImportRefusal, ImportRun, SetAside, Sweep
from cases.models.watch import CheckIn, Clearance
from cases.models.webhook import Delivery, Webhook

__all__ = [
    "Action",
    "Calendar",
    "CalendarUse",
    "CalendarVersion",
    "Case",
    "CaseCause",
    "CaseFile",
    "CaseReader",
    "Category",
    "Cause",
    "CauseKind",
    "Chain",
    "Change",
    "Chase",
    "Check",
    "CheckIn",
    "Clearance",
    "Confirmation",
    "Contact",
    "Customer",
    "CustomerMark",
    "Delivery",
    "Discovery",
    "Due",
    "Ending",
    "Entry",
    "Escalation",
    "Event",
    "Exposure",
    "Fact",
    "Gap",
    "Gesture",
    "Holiday",
    "ImportRefusal",
    "ImportRun",
    "IntakeItem",
    "LetterText",
    "Link",
    "Offer",
    "Outgoing",
    "Pause",
    "Policy",
    "PolicyVersion",
    "Promise",
    "Rate",
    "Relation",
    "Round",
    "SetAside",
    "Signal",
    "Snooze",
    "Step",
    "Sweep",
    "Webhook",
    "Why",
    "Words",
]
