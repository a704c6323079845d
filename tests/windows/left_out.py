#!/usr/bin/env python3
"""Names the tests that are compiled for Unix alone, by what is written above them, and how many they are."""
import re
import sys
from pathlib import Path

root = Path(__file__).resolve().parents[2]
UNIX = r'(?:unix|target_os = "linux")'
TEST = re.compile(r"((?:^[ \t]*#\[[^\n]*\]\n)+)[ \t]*fn (\w+)\(\)", re.MULTILINE)
FILE = re.compile(rf"^#!\[cfg\({UNIX}\)\]", re.MULTILINE)
MODULE = re.compile(rf"#\[cfg\(all\(test, {UNIX}\)\)\]\nmod tests")
ITEM = re.compile(rf"cfg\({UNIX}\)")


def left_out(path: Path) -> list[str]:
    """The tests of a file that Windows does not have."""
    text = path.read_text()
    module = MODULE.search(text)
    names = []
    for found in TEST.finditer(text):
        attributes, name = found.groups()
        is_within = FILE.search(text) or (module and found.start() > module.start())
        if "#[test]" in attributes and (is_within or ITEM.search(attributes)):
            names.append(name)
    return names


total = 0
for path in sorted([*root.glob("src/**/*.rs"), *root.glob("tests/*.rs"), *root.glob("tests/protocol/*.rs")]):
    names = left_out(path)
    total += len(names)
    if names and "--list" in sys.argv:
        print(f"{path.relative_to(root)}: {', '.join(names)}")
print(f"{total} more tests are about links, pipes, permissions and processes of Unix, and not compiled for Windows")
