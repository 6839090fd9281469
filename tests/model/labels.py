#!/usr/bin/env python3
"""Models and code have the same atomic operations: the labels of word.pml, permits.pml and levels.pml, which README.md
lists, and the comments `// model: NAME` under client/, daemon/ and shared/. Code without any such comment passes.

One comment may name several (`// model: release_notify hand_over`), several places of the code the same, and several
models the same.
"""

import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]

MODELS = ("word.pml", "permits.pml", "levels.pml")

# Labels of the models that are places to go to, not operations of the word.
PLACES = {"outside", "wait", "draw", "release", "finished", "stopped", "outside_socket", "ask_socket",
          "release_over_socket", "finished_socket", "start_again", "forget_them", "rest", "asked", "leave",
          "asked_to_release", "withdraw", "close", "bury", "free_what_it_held", "check", "stir", "offer_it", "grant_it",
          "leave_it", "give", "asked_to_give", "owned_by_word", "holding", "wait_for_level", "wait_for_release",
          "wait_with_condition", "hear", "pass_on", "let_go", "asked_to_withdraw", "count_it", "release_it", "join"}


def in_the_models():
    found = {}
    for model in MODELS:
        for label in re.findall(r"^([a-z_]+):$", (HERE / model).read_text(), re.M):
            if label not in PLACES and not label.startswith("end_"):
                found.setdefault(label, model)
    return found


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


model, table, code = in_the_models(), in_the_table(), in_the_code()
faults = [f"{name}: in {model[name]}, not in README.md" for name in sorted(model.keys() - table)]
faults += [f"{name}: in README.md, not in a model" for name in sorted(table - model.keys())]
if code:
    faults += [f"{name}: in {model[name]}, not in the code" for name in sorted(model.keys() - code.keys())]
    faults += [f"{name}: in {code[name]}, not in a model" for name in sorted(code.keys() - model.keys())]
for fault in faults:
    print(fault)
print(f"{len(model)} labels in the models, {len(code)} in the code, {len(faults)} faults")
sys.exit(1 if faults or not model else 0)
