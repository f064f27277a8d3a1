"""Two workers that meet at one message take it in once (promise R4); no act of it stands alone (R1)."""

import pytest

from cases import arriving, intake_items
from cases.models import Entry, IntakeItem
from cases.refusals import Refused
from mail.inbound import sorting, storing
from mail.models import Inbound
from tests import builders
from tests.builders import NOON
from tests.faults.overlapping import overlapped
from tests.mail.inbound.writing import mail

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def stored(**headers) -> Inbound:
    inbound = storing.store(raw=mail("Two are bent?", **headers), source=Inbound.Source.COMMAND, now=NOON)
    sorting.sort_waiting(NOON)
    inbound.refresh_from_db()
    return inbound


def test_two_workers_put_a_reply_on_its_case_once():
    case = builders.case(owner=builders.user())
    inbound = stored(sender=case.reporter.email, Subject=case.number)

    taken = overlapped(lambda: arriving.take(inbound, NOON), lambda: arriving.take(inbound, NOON))

    assert sorted(taken) == [False, True]
    assert Entry.objects.filter(inbound=inbound).count() == 1


def test_two_readers_of_one_mailbox_store_a_message_once():
    builders.case(owner=builders.user())

    def store():
        return storing.store(raw=mail(), source=Inbound.Source.COMMAND, now=NOON)

    overlapped(store, store)
    sorting.sort_waiting(NOON)

    assert sorted(Inbound.objects.values_list("state", flat=True)) == ["double", "read"]


def test_of_two_people_who_decide_on_a_message_the_second_is_told():
    manager = builders.user()
    builders.case(owner=manager)
    item = intake_items.lay(inbound=stored(), now=NOON)

    def set_aside():
        return intake_items.set_aside(item=item, actor=manager, reason="Advertising", now=NOON)

    done = overlapped(set_aside, set_aside)

    assert [type(one) for one in done] == [type(None), Refused]
    assert IntakeItem.objects.get().state == "aside"
