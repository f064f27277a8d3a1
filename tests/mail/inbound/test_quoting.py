"""What somebody wrote now, apart from what they quote: a table of mail programs and languages."""

import time

import pytest

from mail.inbound.quoting import separate

WORDS = "The housings came.\n\nTwo are scratched."
US = "Marta Keller <care@demo.example>"
QUOTED = "> When will they come?\n>\n> Ruth"
TABLE = {
    "english": f"{WORDS}\n\nOn Tue, 17 Nov 2026 at 10:30, Marta Keller <care@demo.example> wrote:\n\n{QUOTED}\n",
    "english over three lines": f"{WORDS}\n\nOn Nov 17, 2026, Marta Keller\n<care@demo.example>\nwrote:\n{QUOTED}",
    "german": f"{WORDS}\n\nAm 17.11.2026 um 10:30 schrieb Marta Keller:\n{QUOTED}",
    "german, name first": f"{WORDS}\n\n{US} schrieb am Di., 17. Nov. 2026, 10:30:\n\n{QUOTED}",
    "french": f"{WORDS}\n\nLe mar. 17 nov. 2026 à 10:30, Marta Keller <care@demo.example> a écrit :\n\n{QUOTED}",
    "spanish": f"{WORDS}\n\nEl mar, 17 nov 2026 a las 10:30, Marta Keller (<care@demo.example>) escribió:\n\n{QUOTED}",
    "outlook english": f"{WORDS}\n\nFrom: Marta Keller <care@demo.example>\nSent: Tuesday, 17 November 2026\n"
    "To: Ruth Aebi\nSubject: Spindle housings\n\nWhen will they come?",
    "outlook german": f"{WORDS}\n\n________________________________\nVon: Marta Keller\nGesendet: Dienstag, 17. "
    "10:30\nAn: Ruth Aebi\nBetreff: Spindelgehäuse\n\nWann kommen sie?",
    "outlook french": f"{WORDS}\n\nDe : Marta Keller\nEnvoyé : mardi 17 novembre 2026 10:30\nÀ : Ruth Aebi\n"
    "Objet : Boîtiers\n\nQuand ?",
    "outlook spanish": f"{WORDS}\n\nDe: Marta Keller\nEnviado el: martes, 17 de noviembre\nPara: Ruth Aebi\n"
    "Asunto: Carcasas\n\n¿Cuándo?",
    "ruled, english": f"{WORDS}\n\n-----Original Message-----\nAnything at all below",
    "ruled, german": f"{WORDS}\n\n-----Ursprüngliche Nachricht-----\nAlles darunter",
    "quotation without marks": f"{WORDS}\n\nOn 17 Nov 2026, Marta Keller wrote:\n\nWhen will they come?\n",
    "signature": f"{WORDS}\n\n-- \nRuth Aebi\nHalden AG\n+41 44 000 00 00",
    "device": f"{WORDS}\n\nSent from my iPhone",
    "device, german": f"{WORDS}\nVon meinem iPhone gesendet\n\nAm 17.11.2026 um 10:30 schrieb Marta Keller:\n{QUOTED}",
    "answer below one quotation": f"Am 17.11.2026 um 10:30 schrieb Marta Keller:\n{QUOTED}\n\n{WORDS}",
}


@pytest.mark.parametrize("text", TABLE.values(), ids=TABLE)
def test_the_words_of_now_stand_alone(text):
    assert separate(text).reply == WORDS


@pytest.mark.parametrize("text", TABLE.values(), ids=TABLE)
def test_nothing_is_lost_by_separating(text):
    found = separate(text)

    kept = f"{found.reply}\n{found.rest}".split()
    assert sorted(kept) == sorted(text.split())


KEPT = {
    "a list": "We miss:\n\n- two housings\n- the papers\n\n-5 pieces are scratched",
    "a sentence with on": "On Monday 17 the carrier called and wrote: no",
    "a sentence with von": "Von: wem auch immer, es fehlt etwas.",
    "a dash within a line": "A fix -- this is no signature.\n\nBye",
    "a device that is none": "Sent from my desk, it is much easier than by phone.",
    "interleaved answers": "> When?\n\nFriday.\n\n> Where to?\n\nHall 3.",
    "colons": "Note: three of them.\nTo: hall 3",
}


@pytest.mark.parametrize("text", KEPT.values(), ids=KEPT)
def test_words_that_look_like_a_quotation_stay(text):
    assert separate(text).reply == text


def test_a_forward_without_words_of_its_own_keeps_what_was_forwarded():
    text = "---------- Forwarded message ---------\nFrom: a@b.example\n\nThe crate was open."

    found = separate(text)

    assert (found.reply, found.forwarded) == (text, True)


HOSTILE = {
    "20,000 newlines": "\n" * 20_000 + "x",
    "100 kB of openings": "On a, " * 20_000,
    "openings line by line": "On 1\n" * 20_000,
    "quotations": "> \n" * 20_000,
    "quotation in pairs": "a\n> b\n" * 20_000,
    "devices": "Sent from my iPhone\n" * 20_000,
    "signatures": "-- \n" * 20_000,
    "headers": "From: a\n" * 20_000,
    "one line": "x" * 1_000_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_r9_separating_takes_linear_time(text):
    began = time.process_time()

    separate(text)

    assert time.process_time() - began < 2
