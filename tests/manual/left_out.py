#!/usr/bin/env python3
"""A page is refused that leaves something out: a command, its example, the description of an option.

    left_out.py MAKE_PAGE STEWARD_DESCRIPTION STEWARDD_DESCRIPTION
"""

import copy
import importlib.util
import json
import sys
from pathlib import Path

make_page, of_steward, of_stewardd = sys.argv[1:]
spec = importlib.util.spec_from_file_location("make_page", make_page)
module = importlib.util.module_from_spec(spec)
sys.dont_write_bytecode = True
spec.loader.exec_module(module)

MAN = Path(make_page).parent
PAGE = (MAN / "steward.1.in").read_text()
DAEMON_PAGE = (MAN / "stewardd.8.in").read_text()
CONFIGURATION_PAGE = (MAN / "stewardd.conf.5.in").read_text()
STEWARD = json.loads(Path(of_steward).read_text())
STEWARDD = json.loads(Path(of_stewardd).read_text())


def fault_of(page, description):
    try:
        module.Page(description).read(page)
    except module.Fault as fault:
        return str(fault)
    return None


def section_of(command):
    start = PAGE.index(f"@command {command}\n")
    end = min(position for position in (PAGE.find("@command ", start + 1), PAGE.find(".SH", start)) if position > 0)
    return PAGE[start:end]


def without(description, path):
    changed = copy.deepcopy(description)
    place = changed
    for step in path:
        place = place[step]
    place["description"] = ""
    return changed


def option_paths():
    for number, command in enumerate(STEWARD["commands"]):
        for kind in ("arguments", "options"):
            for position in range(len(command[kind])):
                yield "commands", number, kind, position
        for variant in range(len(command["variants"])):
            for position in range(len(command["variants"][variant]["options"])):
                yield "commands", number, "variants", variant, "options", position
    for position in range(len(STEWARD["options"])):
        yield "options", position


faults = []
checked = 0


def expect(what, found, expected):
    global checked
    checked += 1
    if (found is None) != (expected is None) or (expected and expected not in found):
        faults.append(f"{what}: {found or 'is not refused'}")


expect("steward(1)", fault_of(PAGE, STEWARD), None)
expect("stewardd(8)", fault_of(DAEMON_PAGE, STEWARDD), None)
for command in STEWARD["commands"]:
    name = command["name"]
    section = section_of(name)
    expect(f"without the section of {name}", fault_of(PAGE.replace(section, ""), STEWARD), "no section for the command")
    bare = PAGE.replace(section, f"@command {name}\nText.\n")
    expect(f"without the example of {name}", fault_of(bare, STEWARD), f"the command {name} has no example")
for page, description, directive in ((PAGE, STEWARD, "options"), (PAGE, STEWARD, "exit-codes"),
                                     (DAEMON_PAGE, STEWARDD, "options"), (DAEMON_PAGE, STEWARDD, "exit-codes"),
                                     (CONFIGURATION_PAGE, STEWARDD, "settings")):
    expect(f"without @{directive}", fault_of(page.replace(f"@{directive}\n", ""), description), f"no @{directive}")
for path in option_paths():
    expect(f"without the description of {path}", fault_of(PAGE, without(STEWARD, path)), "has no description")
for position in range(len(STEWARDD["options"])):
    expect(f"without the description of {position}",
           fault_of(DAEMON_PAGE, without(STEWARDD, ("options", position))), "has no description")
for fault in faults:
    print(fault)
print(f"{checked} pages made, {len(faults)} faults")
sys.exit(1 if faults else 0)
