"""Count lines of code, without blank lines, comments and docstrings.

python -m tools.lines [FOLDER ...]
"""

from __future__ import annotations

import ast
import io
import sys
import tokenize
from collections import Counter
from pathlib import Path

_SKIPPED = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
    tokenize.ENCODING,
}


def count(path: Path) -> int:
    """Return the lines of a Python file that hold code."""
    text = path.read_text(encoding="utf-8")
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in _SKIPPED:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(text)):
        body = getattr(node, "body", None)
        for statement in body if isinstance(body, list) else ():
            if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
                lines -= set(range(statement.lineno, (statement.end_lineno or 0) + 1))
    return len(lines)


def main(folders: list[str]) -> None:
    """Print the count of each part, and of all."""
    for folder in folders or ["src/suffice"]:
        root = Path(folder)
        parts: Counter[str] = Counter()
        files = sorted(root.rglob("*.py"))
        for path in files:
            place = path.relative_to(root).parts
            parts[place[0] if len(place) > 1 else "."] += count(path)
        for name, number in parts.most_common():
            print(f"{number:>7,}  {name}")
        print(f"{parts.total():>7,}  {folder}, {len(files):,} files")


if __name__ == "__main__":
    main(sys.argv[1:])
