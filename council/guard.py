"""The guard of the last option: the database lets no case end as *let go* without a vote of the council behind it.

Whatever writes the row (page, verb, import, a statement by hand), `mandate_ref` has to name a closed ballot on this
very case whose seats voted for it: a majority of them, at least two, all of them where the trials were skipped.
"""

from cases import seal

REFUSAL = "Only a vote of the council lets a customer go."
TABLES = frozenset(
    ("cases_case", "council_ballot", "council_letgoform", "council_othercase", "council_seat", "council_vote")
)
_YES = """(SELECT COUNT(*) FROM council_vote AS vote
    JOIN council_seat AS chair ON chair.ballot_id = vote.ballot_id AND chair.user_id = vote.user_id
    WHERE vote.ballot_id = ballot.id AND vote.choice = 'let_go')"""
_SEATS = "(SELECT COUNT(*) FROM council_seat AS seat WHERE seat.ballot_id = ballot.id)"
_VOTED = f"""EXISTS (SELECT 1 FROM council_ballot AS ballot JOIN council_letgoform AS form ON form.id = ballot.form_id
    WHERE NEW.mandate_ref = 'ballot-' || ballot.id AND ballot.state = 'let_go' AND {_YES} >= 2
    AND CASE WHEN ballot.unanimous THEN {_YES} = {_SEATS} ELSE {_YES} * 2 > {_SEATS} END
    AND (form.case_id = NEW.id OR EXISTS (SELECT 1 FROM council_othercase AS other
        WHERE other.form_id = form.id AND other.case_id = NEW.id AND other.ends)))"""
_WITHOUT = f"NEW.outcome = 'let_go' AND NOT {_VOTED}"
_BODY = f"IF {_WITHOUT} THEN RAISE EXCEPTION '{REFUSAL}' {seal.AS_INTEGRITY}; END IF; RETURN NEW;"


def _guard(name: str, when: str) -> seal.Guard:
    on_postgresql = f"CREATE OR REPLACE TRIGGER {name} BEFORE {when.partition(' OF ')[0]} ON cases_case "
    return seal.Guard(
        table="cases_case",
        name=name,
        needs=TABLES,
        sqlite=tuple(seal.sqlite_trigger(name, f"BEFORE {when} ON cases_case WHEN {_WITHOUT}", REFUSAL)),
        postgresql=(
            seal.function("goldseam_let_go", _BODY),
            f"{on_postgresql}FOR EACH ROW EXECUTE FUNCTION goldseam_let_go()",
        ),
    )


GUARDS = (
    _guard("cases_case_let_go", "UPDATE OF outcome, mandate_ref"),
    _guard("cases_case_let_go_new", "INSERT"),
)
