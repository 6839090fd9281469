#!/usr/bin/env python3
"""Every fault that is sown for the histories (tests/histories/seeded) still fits its source."""

import re
import subprocess

from sources import ROOT, finish

SEEDED = ROOT / "tests/histories/seeded"
SOWN = re.compile(r"^steward_seeded_fault\((\w+) (\S+)\)", re.MULTILINE)


def fault_in(name, source):
    patch = subprocess.run(["patch", "--dry-run", "--quiet", "--force", ROOT / source, SEEDED / f"{name}.patch"],
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return f"{name}.patch does not fit {source}: {patch.stdout}" if patch.returncode != 0 else None


sown = SOWN.findall((SEEDED / "CMakeLists.txt").read_text())
patches = {patch.stem for patch in SEEDED.glob("*.patch")}
faults = [fault for fault in (fault_in(*each) for each in sown) if fault]
faults += [f"{name}.patch is not sown" for name in sorted(patches - {name for name, _ in sown})]
finish(faults, len(sown), "seeded faults")
