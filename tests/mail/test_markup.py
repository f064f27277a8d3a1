"""One source, two readings: and only the template's own characters count."""

from mail import markup
from mail.markup import Block, Link


def test_blocks_reads_paragraphs_lists_quotes_and_buttons():
    source = "Hello\n\n- one\n- two\n\n> said\n> so\n\n[Yes](https://a.example/y) [No](https://a.example/n)\n"
    assert markup.blocks(source) == [
        Block("paragraph", ("Hello",)),
        Block("list", ("one", "two")),
        Block("quote", ("said\nso",)),
        Block("links", links=(Link("Yes", "https://a.example/y"), Link("No", "https://a.example/n"))),
    ]


def test_blocks_flow_long_lines_and_keep_short_ones():
    long = "This line is long enough to have been broken by the writer's editor"
    assert markup.blocks(f"{long}\nonly.") == [Block("paragraph", (f"{long} only.",))]
    assert markup.blocks("Kind regards\nMarta Keller") == [Block("paragraph", ("Kind regards\nMarta Keller",))]


def test_blocks_split_a_list_from_the_sentence_above_it():
    assert markup.blocks("We will:\n- call\n- write") == [
        Block("paragraph", ("We will:",)),
        Block("list", ("call", "write")),
    ]


def test_blocks_drop_buttons_that_lead_nowhere_safe():
    assert markup.blocks("[Click](javascript:alert)") == []


def test_shield_keeps_a_fact_from_becoming_markup():
    fact = "[Pay here](https://evil.example)\n\n- item\n> quote\nSubject: x"
    assert markup.blocks(markup.shield(fact)) == [
        Block("paragraph", ("[Pay here](https://evil.example)",)),
        Block("paragraph", ("- item\n> quote\nSubject: x",)),
    ]
    assert markup.blocks(markup.shield("- a")) == [Block("paragraph", ("- a",))]


def test_shield_breaks_the_mark_of_a_link_except_where_a_link_belongs():
    assert markup.shield("see {{pass:1}}") == "see {{ pass:1}}"
    assert markup.shield("https://a.example/{{pass:1}}/", is_link=True) == "https://a.example/{{pass:1}}/"


def test_shield_drops_its_own_stand_ins_from_facts():
    assert markup.blocks(markup.shield("a\ufdd0b\ufdd1c")) == [Block("paragraph", ("abc",))]


def test_text_is_wrapped_but_no_address_is_broken():
    url = "https://goldseam.example/confirm/" + "x" * 80
    text = markup.as_text(markup.blocks("word " * 40 + f"\n\n[Answer]({url})\n\n> " + "said " * 40))
    lines = text.split("\n")
    assert f"Answer: {url}" in lines
    assert max(len(line) for line in lines if url not in line) <= 76
    assert all(line.startswith("> ") for line in lines[lines.index(f"Answer: {url}") + 2 :])


def test_text_indents_what_follows_in_a_list():
    text = markup.as_text([Block("list", ("a " * 50,))])
    assert text.split("\n")[0].startswith("- a a") and text.split("\n")[1].startswith("  a")


def test_one_line_has_no_line_break():
    assert markup.one_line(markup.shield("a\r\nBcc: x@evil.example")) == "a Bcc: x@evil.example"
