"""Why it went wrong, why it was not caught, and what is different now. All invented."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CauseStory:
    """Why it happened, why it was not caught, how we know, what was done, and what is different now."""

    title: str
    kind: str
    occurrence: tuple[str, ...]
    escape: tuple[str, ...]
    action: str
    criterion: str
    proof: str
    change: str
    where: str
    link: str


CAUSES = {
    "carrier": CauseStory(
        "Pallets change carriers without a hand-over scan",
        "Carrier hand-over",
        (
            "The pallet stood two days in the carrier's yard.",
            "The second driver did not know it was urgent.",
            "Urgency is told by phone and written nowhere.",
            "Our shipping order has no field for a promised date.",
        ),
        ("Nobody saw that the pallet stood still.", "We look at tracking only when a customer calls."),
        "Promised date on every shipping order, scanned at each hand-over",
        "No late arrival caused by a hand-over in eight weeks",
        "Tracking of the last 30 late pallets: 26 stood still at a change of carrier.",
        "Each shipping order carries the promised date, and a pallet that stands still for four hours rings"
        " at the desk.",
        "Shipping order form 12 and the tracking monitor",
        "Nordfracht",
    ),
    "migration": CauseStory(
        "Invoice numbers were assigned twice during the migration",
        "System or interface",
        (
            "The same delivery was billed by the old and the new system.",
            "Both systems were live on the day of the change.",
            "The cut-over plan had no moment at which the old one stops billing.",
        ),
        ("The sum check compared amounts, not delivery notes.", "The check was written before the migration."),
        "Block billing in the old system and compare by delivery note",
        "No delivery note billed twice in two month-ends",
        "All 61 double invoices carry a delivery note found in both systems.",
        "A delivery note can be billed once only; the second attempt stops and asks.",
        "Billing rule 7 in the new system",
        "Pump casings",
    ),
    "certificate": CauseStory(
        "Certificates are attached from the order, not from the lot",
        "Inspection",
        (
            "The certificate belonged to another melt.",
            "It was attached when the order was opened.",
            "The lot is only known after casting.",
        ),
        ("The outgoing check compares the number of papers.", "It does not read the lot on them."),
        "Print the certificate at packing from the scanned lot",
        "Ten audits of outgoing parts without a wrong paper",
        "In all nine cases the certificate's date lies before the casting date.",
        "The certificate is printed when the lot is scanned at packing; no scan, no label.",
        "Packing instruction 4",
        "Valve bodies",
    ),
    "promise": CauseStory(
        "Delivery dates are promised before production has confirmed them",
        "Unclear promise",
        (
            "The date given could not be met on the day it was given.",
            "Sales reads free capacity from a list of last week.",
            "Production confirms only by e-mail, a day later.",
        ),
        ("Nobody compares promised and confirmed dates.", "The two live in different lists."),
        "Show confirmed capacity of the day in the quotation form",
        "Promised and confirmed dates differ in fewer than 1 of 50 orders",
        "37 of 41 missed dates were promised against a list older than three days.",
        "A quotation shows today's confirmed capacity, and a date outside it needs production's name.",
        "Quotation form and planning board",
        "Gear housings",
    ),
    "order": CauseStory(
        "Order changes by phone are typed into a copy",
        "Order data entry",
        (
            "The old quantity was produced.",
            "The change stood in a copy of the order.",
            "Phone changes are noted in a copy so that the original stays clean.",
        ),
        ("The confirmation sent out was made from the copy.", "Production works from the original."),
        "Changes only in the original, with a confirmation made from it",
        "Twenty phone changes followed to the part without a slip",
        "Each wrong quantity matches the original before the change.",
        "An order has one version; a change by phone is confirmed in writing within the hour.",
        "Order desk instruction 2",
        "Bearing seats",
    ),
    "handover": CauseStory(
        "Open service calls are not handed over at the change of shift",
        "Hand-over between teams",
        (
            "The call was closed although nobody had called back.",
            "The late shift did not know of it.",
            "The list of open calls is kept on a sheet at the desk.",
        ),
        ("A call counts as answered when the sheet is empty.", "The sheet is thrown away in the evening."),
        "Open calls in the system, read aloud at the change of shift",
        "No call older than one shift for four weeks",
        "All lost calls came in within the last hour of a shift.",
        "Open calls stay on the board until the customer has been reached; the shift leader reads them out.",
        "Service board and shift book",
        "Spindle housings",
    ),
}
