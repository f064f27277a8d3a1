"""Their HTML in a frame: nothing runs, nothing is fetched unasked, nothing takes long (promise S7)."""

import time

import pytest

from mail.inbound import showing, sorting, storing
from mail.models import Inbound
from tests import builders
from tests.mail.conftest import NOW

HURTING = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<math><mtext><script>alert(1)</script></mtext></math>",
    '<a href="javascript:alert(1)">x</a>',
    '<iframe src="https://evil.example"></iframe>',
    '<form action="https://evil.example"><input name=a></form>',
    '<meta http-equiv="refresh" content="0;url=https://evil.example">',
    '<link rel="stylesheet" href="https://evil.example/a.css">',
    '<div style="background:url(https://evil.example/a.png)">x</div>',
    "<style>@import 'https://evil.example/a.css'</style>",
    '<base href="https://evil.example/">',
    '<img src="https://evil.example/pixel.png">',
    '<img srcset="https://evil.example/pixel.png 2x">',
]


@pytest.mark.parametrize("html", HURTING)
def test_s7_nothing_that_runs_or_fetches_is_left(html):
    cleaned = showing.page_of(html, {}, remote=False).html

    assert not [word for word in ("alert", "evil.example", "<script", "<form", "<iframe") if word in cleaned]


def test_s7_pictures_from_elsewhere_are_counted_and_shown_when_asked():
    html = '<p>a<img src="https://news.example/a.png"><img src="cid:p1"></p>'
    pictures = {"p1": "data:image/png;base64,AAAA"}

    without, with_them = (showing.page_of(html, pictures, remote=remote) for remote in (False, True))

    assert (without.left_out, "data:image/png" in without.html) == (1, True)
    assert (with_them.left_out, "https://news.example/a.png" in with_them.html) == (0, True)


@pytest.mark.parametrize("html", ["<div>" * 50_000, "<b>" * 300, "<p>x</p>" * 40_000, ""])
def test_s7_a_page_too_deep_or_too_large_is_not_cleaned_at_all(html):
    began = time.process_time()

    assert not showing.may_clean(html)
    assert time.process_time() - began < 1


def test_s7_an_ordinary_page_is_cleaned():
    assert showing.may_clean("<html><body><table><tr><td>a<br>b</td></tr></table></body></html>")


@pytest.mark.django_db
def test_s7_the_frame_has_a_policy_of_its_own(client):
    raw = b"From: a@b.example\nContent-Type: text/html\n\n<p>Two are <b>bent</b></p><img src=https://x.example/a.png>"
    inbound = storing.store(raw=raw, source=Inbound.Source.COMMAND, now=NOW)
    sorting.sort(inbound, NOW)
    client.force_login(builders.user("auditor"))

    plain, asked = client.get(f"/messages/{inbound.pk}/page/"), client.get(f"/messages/{inbound.pk}/page/?pictures")
    shown = client.get(f"/messages/{inbound.pk}/").content.decode()

    policy = plain["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "sandbox" in policy and "img-src data:;" in policy
    assert "img-src data: https: http:;" in asked["Content-Security-Policy"]
    assert (plain.content.decode().count("x.example"), asked.content.decode().count("x.example")) == (0, 1)
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in shown and "1 picture from elsewhere" in shown
    assert "bent</b>" not in shown


@pytest.mark.django_db
def test_the_raw_message_and_its_files_are_downloads(client):
    raw = b'From: a@b.example\nContent-Type: application/pdf; name="a.pdf"\n\n%PDF-1.7\n%%EOF'
    inbound = storing.store(raw=raw, source=Inbound.Source.COMMAND, now=NOW)
    sorting.sort(inbound, NOW)
    client.force_login(builders.user("auditor"))

    whole, file = client.get(f"/messages/{inbound.pk}/raw/"), client.get(f"/messages/{inbound.pk}/files/0/")

    assert b"".join(whole.streaming_content) == raw
    for answer in (whole, file):
        answer.close()
    assert [answer["Content-Disposition"].split(";")[0] for answer in (whole, file)] == ["attachment", "attachment"]
