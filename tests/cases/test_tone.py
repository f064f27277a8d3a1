"""Words that blame a person are pointed out while they are written, wherever causes and letters are."""

import pytest

from accounts.models import Draft
from cases.forms.causes import ChainForm, ChangeForm, ProofForm
from cases.forms.steps import acknowledge, contain, institutionalize, resolve, root_cause
from tests import builders
from tests.builders import NOON
from tests.cases.stepping import page_of

pytestmark = pytest.mark.django_db
HINT = "This speaks of a person"


def test_words_that_blame_are_pointed_out_by_name(client):
    builders.user(name="Sven Holm")
    client.force_login(builders.user())
    page = client.post("/words/tone/", {"text": "Holm was careless"}).content.decode()
    assert HINT in page and "“Holm”" in page and "“careless”" in page


def test_words_that_blame_nobody_are_left_alone(client):
    client.force_login(builders.user())
    assert client.post("/words/tone/", {"why_1": "The label fell off"}).content.decode().strip() == ""


@pytest.mark.parametrize(
    ("form", "name"),
    [
        (acknowledge.AcknowledgeForm, "text"),
        (contain.ToldForm, "text"),
        (resolve.OfferForm, "text"),
        (resolve.CarryOutForm, "text"),
        (institutionalize.TellForm, "text"),
        (institutionalize.AdoptForm, "what"),
        (root_cause.LinkForm, "title"),
        (root_cause.PlanForm, "text"),
        (root_cause.ProveForm, "proof"),
        (ProofForm, "proof"),
        (ChangeForm, "what"),
    ],
)
def test_fields_for_causes_and_letters_listen(form, name):
    assert form.base_fields[name].tone is True


def test_whys_listen():
    assert ChainForm(chain="occurrence").fields["why_1"].tone is True


def test_draft_that_blames_is_pointed_out_without_a_script():
    case = builders.case(owner=builders.user())
    draft = {"text": "Our driver forgot your pallet."}
    Draft.objects.create(user=case.owner, key=f"case-{case.pk}-acknowledge-acknowledge", body=draft, saved_at=NOON)
    assert HINT in page_of(case.owner, case, 1)
