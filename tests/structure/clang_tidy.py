#!/usr/bin/env python3
"""Every source passes clang-tidy (.clang-tidy says which checks). Arguments: the build folder, and sources, if not all.

Sources of one target are looked at several at a time, as one that includes them: most of the time goes into the
headers that they share.
"""

import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from pathlib import Path

from sources import ROOT, finish

AT_A_TIME = 12
SOURCES_TOO = r"/(proto|shared|daemon|client|tests)/[a-z0-9_/]*\.(hpp|cpp)$"

build = Path(sys.argv[1]).resolve()
wanted = {Path(source).resolve() for source in sys.argv[2:]}
folder = build / "clang_tidy"


def target_of(entry):
    return re.search(r" -o (\S*?)\.dir/", entry["command"]).group(1)


def flags_of(entry):
    """All of the command but what names the one source."""
    return re.sub(r" -o \S+ -c \S+$| -MF \S+| -MT \S+", "", entry["command"])


def batches_of(entries):
    for _, alike in groupby(sorted(entries, key=lambda entry: (target_of(entry), entry["file"])), target_of):
        alike = list(alike)
        for first in range(0, len(alike), AT_A_TIME):
            yield alike[first:first + AT_A_TIME]


def written(number, batch):
    """The source that includes those of a batch, as an entry of compile_commands.json."""
    source = folder / f"{number}.cpp"
    source.write_text("".join(f'#include "{entry["file"]}"\n' for entry in batch))
    return {"directory": batch[0]["directory"], "file": str(source),
            "command": f"{flags_of(batch[0])} -o {source}.o -c {source}"}


def faults_in(entry):
    tidy = subprocess.run(["clang-tidy-16", "--quiet", f"--header-filter={SOURCES_TOO}", "-p", folder, entry["file"]],
                          text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return None if tidy.returncode == 0 else tidy.stdout or tidy.stderr


def is_ours(source):
    return source.is_relative_to(ROOT) and (source in wanted if wanted else True)


# A source that belongs to several targets is looked at once.
entries = list({entry["file"]: entry for entry in json.loads((build / "compile_commands.json").read_text())
                if is_ours(Path(entry["file"]))}.values())
folder.mkdir(exist_ok=True)
batches = [written(number, batch) for number, batch in enumerate(batches_of(entries))]
(folder / "compile_commands.json").write_text(json.dumps(batches))
with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
    faults = [fault for fault in pool.map(faults_in, batches) if fault]
finish(faults, len(entries), "sources")
