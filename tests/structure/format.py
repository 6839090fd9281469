#!/usr/bin/env python3
"""Every C++ file is as clang-format writes it. With --fix it is made so."""

import subprocess
import sys

from sources import ROOT, cpp_files, finish

files = cpp_files()
mode = ["-i"] if "--fix" in sys.argv else ["--dry-run", "--Werror", "--ferror-limit=1"]
command = ["clang-format-16", *mode]
faults = []
if files:
    formatter = subprocess.run([*command, *files], cwd=ROOT, text=True, stderr=subprocess.PIPE)
    if formatter.returncode != 0:
        faults = [formatter.stderr, "`./dev format` puts it right"]
finish(faults, len(files), "files")
