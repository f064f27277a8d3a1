"""The way in for the first administrator."""

from unittest.mock import Mock

import pytest
from django.core.management import CommandError, call_command

from accounts.entering import NotEntered, enter
from accounts.models import User
from recovery import welcome


def test_entering_makes_a_person_who_may_sign_in(db):
    enter(email="Ada@Example.com", name="Ada", roles=["admin"], password="a-seam-of-gold-7")
    person = User.objects.get()
    assert (person.email, person.name, person.roles) == ("ada@example.com", "Ada", ("admin",))
    assert person.check_password("a-seam-of-gold-7")


@pytest.mark.parametrize(
    ("email", "password", "why"),
    [
        ("ada", "a-seam-of-gold-7", "'ada' is no e-mail address."),
        ("TAKEN@example.com", "a-seam-of-gold-7", "TAKEN@example.com is entered already."),
        ("ada@example.com", "short", "This password is too short. It must contain at least 10 characters."),
    ],
)
def test_entering_refuses_and_says_why(db, email, password, why):
    User.objects.create_user("taken@example.com", name="Taken")
    with pytest.raises(NotEntered) as refusal:
        enter(email=email, name="Ada", roles=["admin"], password=password)
    assert (str(refusal.value), User.objects.count()) == (why, 1)


def test_command_enters_without_a_password(db, capsys):
    call_command("add_person", email="ada@example.com", name="Ada", role=["admin"], no_password=True)
    assert capsys.readouterr().out == "Ada may sign in as ada@example.com.\n"
    assert not User.objects.get().has_usable_password()


def test_command_says_why_not(db):
    with pytest.raises(CommandError, match="'x' is no e-mail address"):
        call_command("add_person", email="x", name="Ada", role=["admin"], no_password=True)


def test_command_without_a_terminal_says_what_to_give(db, monkeypatch):
    monkeypatch.setattr("getpass.getpass", Mock(side_effect=EOFError))
    with pytest.raises(CommandError, match="Give --no-password instead"):
        call_command("add_person", email="ada@example.com", name="Ada", role=["admin"])


def test_start_says_how_to_enter_oneself_until_somebody_can_sign_in(db):
    assert "manage.py add_person" in "\n".join(welcome.lines())
    enter(email="ada@example.com", name="Ada", roles=["admin"], password="a-seam-of-gold-7")
    assert "add_person" not in "\n".join(welcome.lines())
