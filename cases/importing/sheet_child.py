"""Reading a workbook in a process of its own, with limits: a file of a kilobyte may claim sixteen billion cells.

    python -m cases.importing.sheet_child WORKBOOK

writes each row of the first sheet as a line of JSON; the last line is what is wrong with the file where it ends with 3.
"""

import json
import resource
import sys
from datetime import date, datetime

from python_calamine import CalamineError, CalamineWorkbook

MEMORY_BYTES = 2_000_000_000
CPU_SECONDS = 120
WRONG = 3


def main(path: str) -> int:
    """Write the rows; return how the process ends."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    try:
        for cells in CalamineWorkbook.from_path(path).get_sheet_by_index(0).iter_rows():
            print(json.dumps([as_text(cell) for cell in cells]))
    except (CalamineError, IndexError, ValueError, OSError) as problem:
        print(json.dumps(str(problem)[:300]))
        return WRONG
    return 0


def as_text(cell: object) -> str:
    """Return a cell as a CSV would hold it."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, (datetime, date)):
        return cell.isoformat()
    return str(cell)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
