"""The project's C++ files, for the checks beside this file."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("proto", "shared", "daemon", "client", "tests")


def cpp_files(*folders):
    """All C++ files below the folders, as paths relative to the root."""
    found = [path.relative_to(ROOT) for folder in folders or FOLDERS for path in (ROOT / folder).rglob("*.[ch]pp")]
    return sorted(found)


def finish(faults, checked, noun):
    """Ends the check: it fails for any fault, and also if there was nothing to check."""
    for fault in faults:
        print(fault)
    print(f"{checked} {noun} checked, {len(faults)} faults")
    sys.exit(1 if faults or not checked else 0)
