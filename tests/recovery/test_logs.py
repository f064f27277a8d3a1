"""Promise S3: no customer link stands in a log line."""

import logging
import secrets

import structlog

from recovery.logs import RefusalsInALine, logging_for, without_tokens


def lines_of(record: logging.LogRecord, *, machine_readable: bool) -> str:
    """Return what the console would show for `record`."""
    lines = logging_for(machine_readable=machine_readable)["formatters"]["lines"]
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=lines["foreign_pre_chain"], processors=lines["processors"]
    ).format(record)


def record_of(text: str, *args: object, **more: object) -> logging.LogRecord:
    """Return a log record as Django makes them."""
    return logging.LogRecord("django.request", logging.WARNING, "x.py", 1, text, args, more.get("exc_info"))


def test_logs_blank_the_token_of_a_customer_link():
    token = secrets.token_urlsafe(32)
    assert without_tokens(f"Not Found: /c/{token}/ 404") == "Not Found: /c/…/ 404"


def test_logs_keep_paths_and_names():
    line = "Not Found: /cases/2041/steps/root-cause/some-thing-or-other 404 RC-2041"
    assert without_tokens(line) == line


def test_logs_blank_tokens_in_both_forms():
    token = secrets.token_urlsafe(32)
    seen = [lines_of(record_of("Not Found: %s", f"/c/{token}/"), machine_readable=kind) for kind in (True, False)]
    assert [token in line for line in seen] == [False, False]
    assert ["/c/…/" in line for line in seen] == [True, True]


def test_logs_show_no_local_variables_of_an_error():
    try:
        password = "do-not-print-me"
        raise ValueError(len(password))
    except ValueError as error:
        caught = (type(error), error, error.__traceback__)
    record = record_of("It broke")
    record.exc_info = caught
    shown = lines_of(record, machine_readable=False)
    assert ("ValueError: 15" in shown, "do-not-print-me" in shown.replace('password = "do-not-print-me"', "")) == (
        True,
        False,
    )


def test_logs_tell_of_a_refused_page_in_one_line_and_of_an_error_in_full():
    refused, broken = record_of("Forbidden: /people/"), record_of("Internal Server Error: /")
    broken.levelno = logging.ERROR
    for record in (refused, broken):
        record.exc_info = (ValueError, ValueError("no"), None)
        RefusalsInALine().filter(record)
    assert (refused.exc_info, broken.exc_info is None) == (None, False)
