"""The look holds its promises: readable colours, marks with words, no inline code, little weight."""

import gzip
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import django_htmx
import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Row, Submit
from django import forms
from django.conf import settings
from django.template import Context, Template, engines
from django.utils import timezone

STATIC = Path(settings.BASE_DIR) / "static"
NOW = datetime(2026, 11, 19, 10, 20, tzinfo=UTC)  # a Thursday, 11:20 in Zürich
NBSP = "\u00a0"


def render(source: str, **context) -> str:
    return Template("{% load house %}" + source).render(Context({"now": NOW, **context}))


@pytest.fixture(autouse=True)
def in_zurich():
    with timezone.override(ZoneInfo("Europe/Zurich")):
        yield


def steps(*states: str, due: dict[int, int] | None = None) -> list:
    return [[state, (due or {}).get(at)] for at, state in enumerate(states)]


# The seam

OPEN_CASE = ["done", "done", *["planned"] * 7]


def test_seam_says_in_words_what_it_shows():
    late = int((NOW - timedelta(hours=2)).timestamp())
    html = render("{% seam pairs now %}", pairs=steps(*OPEN_CASE, due={7: late}))
    assert re.search('aria-label="([^"]*)"', html)[1] == "Steps: 2 done, Resolve is next, Council late"
    assert re.findall("<i[^>]*>", html) == [
        '<i data-s="done">',
        '<i data-s="done">',
        '<i data-s="now">',
        *["<i>"] * 4,
        '<i data-s="late">',
        "<i>",
    ]


def test_seam_shows_a_late_first_step_as_late_not_as_next():
    past = int(NOW.timestamp()) - 60
    html = render("{% seam pairs now %}", pairs=steps(*["planned"] * 9, due={0: past}))
    assert 'aria-label="Steps: 0 done, Acknowledge late"' in html


def test_seam_tells_waived_silent_and_ended_apart():
    html = render("{% seam pairs %}", pairs=steps("done", "waived", "silent", *["ended"] * 6))
    assert 'aria-label="Steps: 1 done, Contain waived, Resolve accepted silently, 6 steps ended"' in html


def test_seam_of_nothing_is_nothing():
    assert render("{% seam pairs now %}", pairs=[]) == ""


def test_seam_of_thirty_rows_stays_small():
    html = render("{% seam pairs now %}", pairs=steps(*["ended"] * 9))
    assert len(html) < 400


# Times


@pytest.mark.parametrize(
    ("away", "shown"),
    [
        (timedelta(0), "today 11:20"),
        (timedelta(hours=-18, minutes=-36), "yesterday 16:44"),
        (timedelta(days=-2, hours=-1), "Tue 10:20"),
        (timedelta(days=-20), "30 Oct 11:20"),
        (timedelta(days=-400), "15 Oct 2025 12:20"),
        (timedelta(days=1), "tomorrow 11:20"),
    ],
)
def test_when_speaks_as_a_person_would(away, shown):
    assert f">{shown.replace(' ', NBSP)}<" in render("{% when at %}", at=NOW + away)


def test_when_gives_the_exact_moment_in_the_readers_zone():
    html = render("{% when at %}", at=NOW)
    assert html == (f'<time datetime="2026-11-19T10:20Z" title="Thu 19 Nov 2026, 11:20 CET">today{NBSP}11:20</time>')
    with timezone.override(ZoneInfo("America/New_York")):
        assert 'title="Thu 19 Nov 2026, 05:20 EST"' in render("{% when at %}", at=NOW)


def test_when_takes_a_date():
    assert render("{% when on %}", on=date(2026, 12, 4)) == '<time datetime="2026-12-04">4 Dec</time>'


@pytest.mark.parametrize(
    ("away", "shown", "state"),
    [
        (timedelta(hours=-1, minutes=-12), "−1 h 12 m", "late"),
        (timedelta(hours=-2), "−2 h", "late"),
        (timedelta(hours=-42, minutes=-28), "−1 d 18 h", "late"),
        (timedelta(days=-3, hours=-5), "−3 d", "late"),
        (timedelta(minutes=50), "50 m", "soon"),
        (timedelta(hours=1, minutes=5), "1 h 05 m", "soon"),
        (timedelta(hours=5, minutes=40), "5 h 40 m", "soon"),
        (timedelta(hours=6), "6 h", "calm"),
        (timedelta(days=5, hours=-1, minutes=-20), "Tue 10:00", "calm"),
        (timedelta(days=30), "19 Dec 11:20", "calm"),
    ],
)
def test_due_counts_down_and_says_how_late(away, shown, state):
    html = render("{% due at %}", at=NOW + away)
    assert html.endswith(f' data-state="{state}">{shown.replace(" ", NBSP)}</time>')


@pytest.mark.parametrize("at", [None, "", datetime(9000, 1, 1, tzinfo=UTC)])
def test_due_of_never_is_nothing(at):
    assert render("{% due at %}{{ at|due_mark:now }}", at=at) == "calm"


# Money, lengths, names


@pytest.mark.parametrize(
    ("minor", "currency", "full", "short"),
    [
        (41200000, "CHF", "CHF 412,000", "CHF 412 k"),
        (8800000, "EUR", "€ 88,000", "€ 88 k"),
        (15420000, "GBP", "£ 154,200", "£ 154.2 k"),
        (240000000, "CHF", "CHF 2,400,000", "CHF 2.4 M"),
        (1250, "CHF", "CHF 12.50", "CHF 12"),
        (500, "JPY", "¥ 500", "¥ 500"),
        (-100000, "USD", "$ −1,000", "$ −1 k"),
        (0, "CHF", "CHF 0", "CHF 0"),
        (240000000, "", "2,400,000", "2.4 M"),
    ],
)
def test_money_carries_its_currency(minor, currency, full, short):
    shown = render("{{ m|money:c }};{{ m|money_short:c }}", m=minor, c=currency)
    assert shown.replace(NBSP, " ") == f"{full};{short}"


def test_money_unknown_is_nothing():
    assert render("{{ m|money:'CHF' }}", m=None) == ""


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(2280, "38 min"), (20400, "5 h 40 m"), (362880, "4.2 d"), (20, "0 min"), (None, "")],
)
def test_duration_is_short(seconds, shown):
    assert render("{{ s|duration }}", s=seconds).replace(NBSP, " ") == shown


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Marta Keller", "MK"), ("Ana de la Cruz", "AC"), ("Cher", "C"), ("", ""), ("Jean-Luc", "JL")],
)
def test_initials_are_two_letters_at_most(name, letters):
    assert render("{{ n|initials }}", n=name) == letters


def test_rc_writes_the_case_number():
    assert render("{{ n|rc }}", n=2041) == "RC-2041"


def test_filters_leave_escaping_to_the_page():
    assert render("{{ n|initials }} {{ 100|money:c }}", n="<b> &x", c="<b>") == f" &lt;b&gt;{NBSP}1"


# The form pack


class Complaint(forms.Form):
    words = forms.CharField(widget=forms.Textarea, help_text="As they said it.")
    channel = forms.ChoiceField(widget=forms.RadioSelect, choices=[("phone", "Phone"), ("mail", "E-mail")])
    public = forms.BooleanField(required=False)

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.attrs = {"data-draft": "log"}
        helper.layout = Layout("words", Row("channel", "public"), Submit("go", "Open the case"))
        return helper


def form_html(form: forms.Form) -> str:
    return Template("{% load crispy_forms_tags %}{% crispy form %}").render(Context({"form": form, "csrf_token": "x"}))


def test_form_pack_groups_radios_under_their_question():
    html = form_html(Complaint())
    assert re.search(r'<fieldset id="id_channel"[^>]*>\s*<legend>Channel</legend>\s*<div class="segments">', html)
    assert '<label for="">' not in html
    assert 'data-draft="log"' in html


def test_form_pack_puts_errors_at_their_field_and_links_them_on_top():
    html = form_html(Complaint({"words": "", "channel": "pigeon"}))
    assert re.findall(r'<li><a href="#([^"]+)">', html) == ["id_words", "id_channel"]
    assert re.search(r'<textarea[^>]*aria-invalid="true"[^>]*>', html)
    assert 'aria-describedby="id_words_helptext id_words_error"' in html
    assert html.count('id="id_words_error"') == html.count('id="id_words_helptext"') == 1


def test_form_pack_keeps_what_was_typed():
    assert "Third time &lt;this&gt; year" in form_html(Complaint({"words": "Third time <this> year"}))


def test_form_pack_never_writes_inline_code():
    html = form_html(Complaint({}))
    assert not re.search(r"\sstyle=|\son\w+=|<script(?![^>]*src)", html)


# Promises about pages as files


def templates() -> list[Path]:
    return sorted((Path(settings.BASE_DIR) / "templates").rglob("*.html"))


@pytest.mark.parametrize("path", templates(), ids=lambda path: str(path.relative_to(settings.BASE_DIR)))
def test_templates_compile_and_hold_no_inline_code(path):
    """S5: default-src 'self' leaves no room for inline style or script."""
    source = path.read_text()
    engines["django"].from_string(source)
    if "letters" not in path.parts and "mail" not in path.parts:
        assert (
            re.findall(
                r"""\sstyle\s*=|\son[a-z]+\s*=\s*["']|<style|<script(?![^>]*\ssrc=)|https?://(?!www\.w3\.org)""",
                source,
            )
            == []
        )


def test_css_and_js_stay_under_sixty_kilobytes():
    """P8: CSS and JS under 60 kB gzipped, htmx included."""
    ours = [*STATIC.glob("css/*.css"), *STATIC.glob("js/*.js")]
    htmx = Path(django_htmx.__file__).parent / "static/django_htmx/htmx-2.min.js"
    assert sum(len(gzip.compress(path.read_bytes(), 6)) for path in [*ours, htmx]) < 60_000


def test_colours_live_only_in_tokens():
    painted = re.compile(r"#[0-9a-f]{3,8}\b|rgba?\(", re.I)
    allowed = {"tokens.css", "customer.css", "print.css"}
    found = {
        (path.name, line.strip())
        for path in STATIC.glob("css/*.css")
        if path.name not in allowed
        for line in path.read_text().splitlines()
        if painted.search(line) and "::backdrop" not in line and ".letter" not in line
    }
    assert found == set()
