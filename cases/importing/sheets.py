"""The rows of a workbook's first sheet, read in a process that may die of it without harm (promise R10)."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from cases.importing.sheet_child import WRONG

ROOT = Path(__file__).resolve().parents[2]
TOO_LARGE = "it is too large, or claims more rows and columns than it holds. Save the sheet as CSV and choose that"


class NoSheet(Exception):
    """The workbook cannot be read; the message says why."""


def rows(path: Path) -> Iterator[list[str]]:
    """Yield the cells of each row as texts. Raise `NoSheet` where the workbook cannot be read to its end."""
    command = [sys.executable, "-m", "cases.importing.sheet_child", str(path.resolve())]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as child:
        try:
            problem = yield from _read(child.stdout)
        finally:
            if child.poll() is None and not child.stdout.closed:
                child.stdout.close()  # whoever stops reading early lets the process end
        code = child.wait()
    if code == WRONG:
        raise NoSheet(problem)
    if code:
        raise NoSheet(TOO_LARGE)


def _read(lines: Iterator[str]) -> Iterator[list[str]]:
    """Yield each row; return the last line where it is what is wrong."""
    for line in lines:
        cells = json.loads(line)
        if isinstance(cells, str):
            return cells
        yield cells
    return ""
