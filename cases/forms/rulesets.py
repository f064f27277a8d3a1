"""Forms for further calendars and policies, and for whom they count."""

from django import forms

from accounts.models import Team
from cases.enums import Tier
from cases.folding import name_key
from cases.models import Category, Customer


class CalendarNameForm(forms.Form):
    """The name of a further calendar."""

    name = forms.CharField(label="Name", max_length=120, error_messages={"required": "Give it a name."})


class PolicyNameForm(CalendarNameForm):
    """The name of a further policy, and for which cases it counts."""

    category = forms.ModelChoiceField(
        label="For this category", queryset=Category.objects.filter(retired=False), required=False, empty_label="all"
    )
    tier = forms.ChoiceField(label="For these customers", choices=[("", "all"), *Tier.choices], required=False)


class UseForm(forms.Form):
    """A team from the list, or a customer by name."""

    team = forms.ModelChoiceField(
        label="A team", queryset=Team.objects.all(), required=False, empty_label="Choose a team"
    )
    customer = forms.CharField(label="or a customer, by name", max_length=200, required=False)

    def clean_customer(self) -> Customer | None:
        """Find the customer of that name."""
        given = self.cleaned_data["customer"].strip()
        if not given:
            return None
        found = list(Customer.objects.filter(folded__startswith=name_key(given), merged_into=None)[:4])
        exact = [one for one in found if one.folded == name_key(given)]
        if len(exact or found) == 1:
            return (exact or found)[0]
        if not found:
            raise forms.ValidationError("No customer has this name. Write it as it stands on the customer’s page.")
        names = ", ".join(one.name for one in found[:3])
        raise forms.ValidationError(f"Several customers begin like this: {names}. Write the whole name.")
