#!/usr/bin/env python3
"""Tells Doxygen how this project comments: a comment speaks for all declarations below it up to a blank line.

Doxygen gives a comment to one declaration alone. So each further one gets a copy of its first paragraph, within the line
where it begins, so that the numbers of warnings stay right. How a class is copied and moved, which its own comment says
where it matters, is left out. Argument: a header.
"""

import re
import sys

COMMENT = re.compile(r"\s*///(?!<)")
BRACE = re.compile(r"\s*/// @[{}]")
TYPE = re.compile(r"\s*(template <.*> *)?(class|struct|enum|namespace|concept)\b")
COPY = re.compile(r"\s*(\w+|\w+& operator=)\((const )?\w+&&?( \w+)?\)( noexcept)?( = default)?;$")


def indentation(line):
    return len(line) - len(line.lstrip())


def first_paragraph(comment):
    words = []
    for line in comment:
        text = line.strip().removeprefix("///").strip()
        if not text:
            break
        words.append(text)
    return " ".join(words)


def copy_to_others(lines, first, text):
    """Gives the text to all declarations of a block but the first; the line behind the block."""
    depth = 0
    complete = False  # whether the declaration before has ended
    for position in range(first, len(lines)):
        line = lines[position]
        if depth == 0:
            if not line.strip() or indentation(line) < indentation(lines[first]) or COMMENT.match(line):
                return position
            if complete and indentation(line) == indentation(lines[first]) and not line.lstrip().startswith("}"):
                lines[position] = f"/** {text} */ {line}"
                complete = False
        depth += line.count("{") - line.count("}")
        if depth == 0 and re.search(r"[;}](\s*//.*)?$", line):
            complete = True
    return len(lines)


def shared_comments(lines):
    lines = ["" if COPY.fullmatch(line) else line for line in lines]
    position = 0
    while position < len(lines):
        if not COMMENT.match(lines[position]) or BRACE.match(lines[position]):
            position += 1
            continue
        start = position
        while position < len(lines) and COMMENT.match(lines[position]) and not BRACE.match(lines[position]):
            position += 1
        if position < len(lines) and not any(map(TYPE.match, lines[position:position + 4])):
            position = copy_to_others(lines, position, first_paragraph(lines[start:position]))
    return lines


if __name__ == "__main__":
    print("\n".join(shared_comments(open(sys.argv[1]).read().split("\n"))), end="")
