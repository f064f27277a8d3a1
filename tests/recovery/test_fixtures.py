"""The things tests lean on do what they say."""

from datetime import UTC, datetime

import pytest
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend
from django.utils import timezone


def test_clock_stands_still(clock):
    assert timezone.now() == datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def test_postbox_keeps_what_it_is_given(postbox):
    letter = EmailMessage("Hello", "See https://example.com/a now", "a@demo.example", ["b@example.com"])
    EmailBackend(host=postbox.host, port=postbox.port).send_messages([letter])
    assert [(one.message["subject"], one.links) for one in postbox.to("b@example.com")] == [
        ("Hello", ["https://example.com/a"])
    ]


@pytest.mark.browser
def test_browser_opens_the_sign_in_page_without_a_complaint(browser_page):
    browser_page.goto("/account/login/")
    assert browser_page.title() == "Sign in · Goldseam"


@pytest.mark.worker
def test_worker_process_takes_a_task(celery_worker_process):
    import time

    from accounts.models import Heartbeat
    from recovery.tasks import heartbeat

    heartbeat.apply_async()
    until = time.monotonic() + 10
    while time.monotonic() < until and not Heartbeat.objects.exists():
        time.sleep(0.1)
    assert list(Heartbeat.objects.values_list("name", flat=True)) == ["queue"]
