"""Rows of the heart of the house, one subject per file."""

from cases.models.case import Case, CaseReader, Relation, Round
from cases.models.cause import CaseCause, Cause, Change, Check, Exposure, Why
from cases.models.ledger import Chain, Event, Words
from cases.models.people import Contact, Customer, Link, Rate
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
from cases.models.steps import Chase, Due, Escalation, Pause, Step
from cases.models.upkeep import ImportRefusal, ImportRun, SetAside, Sweep

__all__ = [
    "Action",
    "Calendar",
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
    "Confirmation",
    "Contact",
    "Customer",
    "Discovery",
    "Due",
    "Entry",
    "Escalation",
    "Event",
    "Exposure",
    "Fact",
    "Gap",
    "Gesture",
    "ImportRefusal",
    "ImportRun",
    "Link",
    "Offer",
    "Pause",
    "Policy",
    "PolicyVersion",
    "Promise",
    "Rate",
    "Relation",
    "Round",
    "SetAside",
    "Step",
    "Sweep",
    "Why",
    "Words",
]
