"""The company's own picture on customers' pages: where it is given, and nothing else from that folder."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from recovery import env

PICTURE = b'<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"/>'


@pytest.fixture
def picture(tmp_path):
    path = tmp_path / "logo.svg"
    path.write_bytes(PICTURE)
    return path


def test_own_logo_stands_on_customers_pages(client, db, settings, picture):
    settings.LOGO = picture
    assert '<img src="/logo"' in client.get("/survey/nothing/").content.decode()
    answer = client.get("/logo")
    assert (b"".join(answer.streaming_content), answer["Content-Type"]) == (PICTURE, "image/svg+xml")
    assert "default-src 'self'" in answer["Content-Security-Policy"]


def test_without_one_our_mark_stands_there(client, db, settings):
    settings.LOGO = None
    assert "img/mark" in client.get("/survey/nothing/").content.decode()
    assert client.get("/logo").status_code == 404


def test_path_of_a_picture_is_taken(monkeypatch, picture):
    monkeypatch.setenv("GOLDSEAM_LOGO", str(picture))
    assert env.logo() == picture


@pytest.mark.parametrize("given", ["/nowhere/logo.svg", "/etc/passwd"])
def test_what_is_no_picture_stops_the_start(monkeypatch, given):
    monkeypatch.setenv("GOLDSEAM_LOGO", given)
    with pytest.raises(ImproperlyConfigured):
        env.logo()
