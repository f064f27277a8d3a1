"""Files stay readable at one sitting."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("accounts", "mail", "cases", "surveys", "council", "recovery", "tests", "bin", "bench")
LIMIT = 300


def test_files_have_at_most_300_lines():
    long = {
        str(path.relative_to(ROOT)): lines
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*.py")
        if "migrations" not in path.parts and (lines := len(path.read_text(encoding="utf-8").splitlines())) > LIMIT
    }
    assert long == {}
