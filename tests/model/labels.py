#!/usr/bin/env python3
"""Model and code have the same atomic operations of the word: the labels of word.pml that README.md lists, and the
comments `// model: NAME` under client/, daemon/ and shared/. Code without any such comment passes.

One comment may name several (`// model: release_notify hand_over`), and several places of the code the same.
"""

import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]

# Labels of the model that are places to go to, not operations of the word.
PLACES = {"outside", "wait", "taken", "draw", "release", "finished", "stopped", "outside_socket", "ask_socket",
          "release_over_socket", "finished_socket", "start_again", "rest", "asked", "asked_to_release", "ended",
          "withdraw", "was_taken", "bury", "check", "stir", "grant_without_words", "clear_too_late"}


def in_the_model():
    labels = re.findall(r"^([a-z_]+):$", (HERE / "word.pml").read_text(), re.M)
    return {label for label in labels if label not in PLACES and not label.startswith("end_")}


def in_the_table():
    return set(re.findall(r"^\| `([a-z_]+)` \|", (HERE / "README.md").read_text(), re.M))


def in_the_code():
    found = {}
    for folder in ("client", "daemon", "shared"):
        for path in sorted((ROOT / folder).rglob("*.[ch]pp")):
            for names in re.findall(r"// model: ([a-z_ ]+)", path.read_text(errors="replace")):
                for name in names.split():
                    found.setdefault(name, path.relative_to(ROOT))
    return found


model, table, code = in_the_model(), in_the_table(), in_the_code()
faults = [f"{name}: in word.pml, not in README.md" for name in sorted(model - table)]
faults += [f"{name}: in README.md, not in word.pml" for name in sorted(table - model)]
if code:
    faults += [f"{name}: in word.pml, not in the code" for name in sorted(model - code.keys())]
    faults += [f"{name}: in {code[name]}, not in word.pml" for name in sorted(code.keys() - model)]
for fault in faults:
    print(fault)
print(f"{len(model)} labels in the model, {len(code)} in the code, {len(faults)} faults")
sys.exit(1 if faults or not model else 0)
