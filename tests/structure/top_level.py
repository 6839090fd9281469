#!/usr/bin/env python3
"""The top level is the layout of CONTRIBUTING.md and nothing else. What git ignores does not count."""

import subprocess

from sources import ROOT, finish

LAYOUT = {
    "proto", "shared", "daemon", "client", "tests",
    "CMakeLists.txt", "CMakePresets.json", "Dockerfile", "dev", ".ci",
    "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE",
    ".clang-format", ".clang-tidy", ".dockerignore", ".editorconfig", ".gitignore",
}

# The owner of the checkout may be somebody else than who runs the tests.
LIST = ["git", "-c", f"safe.directory={ROOT}", "ls-files", "--cached", "--others", "--exclude-standard"]
files = subprocess.run(LIST, cwd=ROOT, check=True, text=True, stdout=subprocess.PIPE).stdout.splitlines()
found = {file.split("/")[0] for file in files if (ROOT / file).exists()}
faults = [f"{name}: not in the layout" for name in sorted(found - LAYOUT)]
faults += [f"{name}: missing" for name in sorted(LAYOUT - found)]
finish(faults, len(found), "entries")
