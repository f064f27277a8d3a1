"""From template and facts to subject, text and HTML."""

import pytest

from mail.rendering import UnreadableTemplate, render


def test_render_gives_subject_text_and_html(letters, settings):
    settings.COMPANY_NAME = "Alder Castings"
    letters("hello", "Subject: For {{ name }}\n\nDear {{ name }},\n\n[Open]({{ page_url }})\n")
    letter = render(template="hello", facts={"name": "Anna & Co", "page_url": "https://a.example/?a=1&b=2"})
    assert letter.subject == "For Anna & Co"
    assert letter.text == "Dear Anna & Co,\n\nOpen: https://a.example/?a=1&b=2\n\n-- \nAlder Castings\n"
    assert "Dear Anna &amp; Co," in letter.html
    assert 'href="https://a.example/?a=1&amp;b=2"' in letter.html


def test_render_escapes_a_customers_words_in_html_only(letters):
    letters("hello", "Subject: x\n\n> {{ words }}\n")
    letter = render(template="hello", facts={"words": "<script>1 < 2</script>"})
    assert "> <script>1 < 2</script>" in letter.text
    assert "<script" not in letter.html
    assert "&lt;script&gt;1 &lt; 2&lt;/script&gt;" in letter.html


def test_render_never_lets_words_carry_a_link_of_somebody_else(letters):
    letters("hello", "Subject: {{ words }}\n\n{{ words }}\n\n[Yes]({{ confirm_url }})\n")
    facts = {"words": "{{pass:7}}", "confirm_url": "https://a.example/confirm/{{pass:12}}/"}
    letter = render(template="hello", facts=facts)
    assert "{{pass:7}}" not in letter.subject + letter.text + letter.html
    assert "Yes: https://a.example/confirm/{{pass:12}}/" in letter.text
    assert 'href="https://a.example/confirm/{{pass:12}}/"' in letter.html


def test_render_inlines_styles_for_mail_programs(letters):
    letters("hello", "Subject: x\n\n[One](https://a.example/1) [Two](https://a.example/2)\n")
    html = render(template="hello", facts={}).html
    assert html.count("background: #23395d") == 2
    assert "@media (prefers-color-scheme: dark)" in html


def test_render_takes_the_readers_language_and_falls_back_to_english(letters):
    letters("hello", "Subject: Hello\n\n{{ at_at|date:'l' }}\n")
    letters("hello.de", "Subject: Guten Tag\n\n{{ at_at|date:'l' }}\n")
    facts = {"at_at": "2026-03-04T23:30:00+00:00", "zone": "Europe/Zurich"}
    german = render(template="hello", facts=facts, language="de")
    french = render(template="hello", facts=facts, language="fr")
    assert (german.subject, german.text.split("\n")[0]) == ("Guten Tag", "Donnerstag")
    assert (french.subject, french.text.split("\n")[0]) == ("Hello", "Thursday")
    assert '<html lang="de">' in german.html and '<html lang="en">' in french.html


def test_render_reads_moments_and_dates_inside_lists_and_objects(letters):
    letters(
        "hello",
        "Subject: x\n\n{{ promise.due_on|date:'j F' }}\n\n{% for p in all %}{{ p.due_at|time:'H:i' }}{% endfor %}\n",
    )
    facts = {"promise": {"due_on": "2026-03-04"}, "all": [{"due_at": "2026-03-04T09:00:00+00:00"}]}
    assert render(template="hello", facts=facts).text.startswith("4 March\n\n09:00\n")


def test_render_shows_the_seam_without_what_is_late(letters):
    letters("hello", "Subject: x\n\ny\n")
    seam = [["done", 1], ["planned", 1], ["planned", None], ["waived", None]]
    html = render(template="hello", facts={"seam": seam}).html
    assert "Done: 1 of 4 steps." in html


@pytest.mark.parametrize("source", ["No subject\n\nwords", "Subject: x", "Subject:\n\nwords"])
def test_render_refuses_a_source_without_subject_or_words(letters, source):
    letters("hello", source)
    with pytest.raises(UnreadableTemplate, match="Subject"):
        render(template="hello", facts={})


def test_render_signs_the_text_unless_the_letter_does(letters, settings):
    settings.COMPANY_NAME = "Alder Castings"
    letters("hello", "Subject: x\n\nKind regards\n{{ company_name }}\n")
    assert render(template="hello", facts={}).text == "Kind regards\nAlder Castings\n"


def test_the_test_letter_renders():
    assert render(template="test", facts={"name": "Marta"}).text.startswith("Good day Marta,\n")
