#!/usr/bin/env python3
"""Draws what a program wrote to a terminal as an SVG picture.

    CLICOLOR_FORCE=1 ibid demo | assets/terminal_to_svg.py TITLE > picture.svg

Understands the styles that ibid uses: bold, dim, underline, reversed and the eight basic colours.
"""

import html
import re
import sys
import unicodedata
from dataclasses import dataclass, replace

LETTER_WIDTH = 8.4
LINE_HEIGHT = 18
MARGIN = 18
BAR = 34
COLOURS = ["#1e2329", "#ff7b72", "#7ee787", "#e3b341", "#79c0ff", "#d2a8ff", "#56d4dd", "#e6edf3"]
TEXT, BACKGROUND, FRAME = "#e6edf3", "#0d1117", "#30363d"
SEQUENCE = re.compile(r"\x1b\[([0-9;]*)m")


@dataclass(frozen=True)
class Style:
    """How letters look."""

    bold: bool = False
    dim: bool = False
    underline: bool = False
    reversed: bool = False
    colour: str = TEXT


def restyled(style, codes):
    """The style after a control sequence."""
    for code in [int(code or 0) for code in codes.split(";")]:
        if code == 0:
            style = Style()
        elif code == 1:
            style = replace(style, bold=True)
        elif code == 2:
            style = replace(style, dim=True)
        elif code == 4:
            style = replace(style, underline=True)
        elif code == 7:
            style = replace(style, reversed=True)
        elif code == 22:
            style = replace(style, bold=False, dim=False)
        elif code == 24:
            style = replace(style, underline=False)
        elif code == 27:
            style = replace(style, reversed=False)
        elif 30 <= code <= 37:
            style = replace(style, colour=COLOURS[code - 30])
        elif code == 39:
            style = replace(style, colour=TEXT)
    return style


def columns(text):
    """The number of columns a text takes."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def runs(line):
    """The pieces of a line with one style each: column, text, style."""
    style, column, found = Style(), 0, []
    for at, part in enumerate(SEQUENCE.split(line)):
        if at % 2:
            style = restyled(style, part)
        elif part:
            found.append((column, part, style))
            column += columns(part)
    return found


def drawn(column, text, style, baseline):
    """One piece as SVG elements."""
    x, width = MARGIN + column * LETTER_WIDTH, columns(text) * LETTER_WIDTH
    elements = []
    if style.reversed:
        top = baseline - LINE_HEIGHT + 5
        elements.append(f'<rect x="{x:.1f}" y="{top}" width="{width:.1f}" height="{LINE_HEIGHT}" fill="#1f6feb"/>')
    # Viewers disagree about spaces in a row and at the ends, so each phrase gets a place of its own.
    for phrase in re.finditer(r"\S+(?: \S+)*", text):
        x = MARGIN + (column + columns(text[: phrase.start()])) * LETTER_WIDTH
        width = columns(phrase.group()) * LETTER_WIDTH
        attributes = f'x="{x:.1f}" y="{baseline}" textLength="{width:.1f}" fill="{style.colour}"'
        attributes += ' font-weight="bold"' * style.bold
        attributes += ' opacity="0.6"' * style.dim
        attributes += ' text-decoration="underline"' * style.underline
        elements.append(f"<text {attributes}>{html.escape(phrase.group(), quote=False)}</text>")
    return elements


def picture(title, text):
    """The whole picture."""
    lines = text.rstrip("\n").split("\n")
    pieces = [runs(line) for line in lines]
    widest = max((column + columns(part) for line in pieces for column, part, _ in line), default=20)
    width = round(2 * MARGIN + widest * LETTER_WIDTH)
    height = BAR + 2 * MARGIN + len(lines) * LINE_HEIGHT - 8
    svg = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
        ' font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, DejaVu Sans Mono, monospace" font-size="14"'
        f' role="img"><title>{html.escape(title)}</title>',
        f'<rect width="{width}" height="{height}" rx="8" fill="{BACKGROUND}" stroke="{FRAME}"/>',
        f'<text x="{MARGIN}" y="24" fill="{TEXT}" opacity="0.7">$ {html.escape(title)}</text>',
        f'<path d="M0 {BAR}H{width}" stroke="{FRAME}"/>',
    ]
    for at, line in enumerate(pieces):
        baseline = BAR + MARGIN + at * LINE_HEIGHT + 10
        for column, part, style in line:
            svg.extend(drawn(column, part, style, baseline))
    return "\n".join(svg + ["</svg>"]) + "\n"


if __name__ == "__main__":
    sys.stdout.write(picture(sys.argv[1], sys.stdin.read()))
