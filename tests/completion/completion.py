#!/usr/bin/env python3
"""What bash, zsh and fish offer for a command line, with the files that are installed, is what fits there.

    completion.py SHELL STEWARD STEWARDD COMPLETIONS

SHELL is bash, zsh or fish; COMPLETIONS the folder of the files. The shells complete by themselves here but for zsh, whose
`compadd` works while somebody types only: what is added is caught.
"""

import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

WATCHDOG_S = 20
OBJECTS = ("lock cache/rebuild", "lock backup", "rlock tree", "rwlock table", "semaphore gpu --permits 2",
           "bounded_semaphore slots", "event ready", "queue jobs", "barrier start --parties 2", "dict stats",
           "list hosts", "set seen", "condition changed", "lock a:b")

# A command line up to the cursor, and what is offered; with + at least this.
CASES = (
    ("steward sta", "status"),
    ("steward se", "sessions semaphore set"),
    ("steward --js", "--json"),
    ("steward show ", "+ backup cache/rebuild gpu ready jobs stats"),
    ("steward show ca", "cache/rebuild"),
    ("steward show nothing", ""),
    ("steward --json show ba", "backup"),
    ("steward ls --type r", "rlock rwlock"),
    ("steward ls --type=r", "--type=rlock --type=rwlock"),
    ("steward semaphore ", "acquire release value"),
    ("steward semaphore value ", "gpu slots"),
    ("steward event set ", "ready"),
    ("steward queue put ", "jobs"),
    ("steward get ", "stats hosts seen"),
    ("steward push ", "hosts seen"),
    ("steward run --shared ", "table"),
    ("steward run --lock=ba", "--lock=backup"),
    ("steward run --lock a:", "a:b"),
    ("steward run --all backup,t", "backup,tree backup,table"),
    ("steward run --lock backup ", "--"),
    ("steward run --ti", "--timeout"),
    ("steward make se", "semaphore set"),
    ("steward make barrier --pa", "--parties"),
    ("steward make barrier --mode 0600 --so", "--socket"),
    ("steward make condition --lock ", "backup cache/rebuild tree a:b"),
    ("steward no-such-command ", ""),
    ("steward restore obj", "objects.dump"),
    ("steward run --lock backup -- cat obj", "objects.dump"),
    ("steward run --lock backup -- mktem", "mktemp"),
    ("steward queue take jobs -- cat obj", "objects.dump"),
)


def output_of(command, folder, **environment):
    shell = subprocess.run(command, cwd=folder, env=dict(os.environ, **environment), text=True, timeout=WATCHDOG_S,
                           stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return shell.stdout


def bash(line, folder, completions):
    # As bash cuts a line: at blanks, and at = and :.
    words = [piece for word in re.split(r" +", line) for piece in (re.findall(r"[=:]+|[^=:]+", word) or [""])]
    script = f"""
        source {completions}/steward.bash
        COMP_LINE={shlex.quote(line)} COMP_POINT=${{#COMP_LINE}}
        COMP_WORDS=({' '.join(map(shlex.quote, words))}) COMP_CWORD={len(words) - 1}
        _steward
        printf '%s\\n' "${{COMPREPLY[@]}}\""""
    offered = [each for each in output_of(["bash", "--norc", "-c", script], folder).splitlines() if each]
    # What bash replaces is its last word alone.
    begun = line[line.rindex(" ") + 1:]
    kept = begun[:len(begun) - len(words[-1])]
    return {kept + each for each in offered}


def zsh(line, folder, completions):
    words = line.split(" ")
    script = f"""
        compadd() {{ print -rl -- $names }}
        _files() {{ print -rl -- ${{words[CURRENT]}}*(N) }}
        _normal() {{ case $CURRENT$words[1] in (2cat) _files;; (1mktem) print mktemp;; esac }}
        words=({' '.join(map(shlex.quote, words))}) CURRENT=${{#words}}
        complete_it() {{ source {completions}/_steward }}
        complete_it"""
    return set(filter(None, output_of(["zsh", "-f", "-c", script], folder).splitlines()))


def fish(line, folder, completions):
    script = f"source {completions}/steward.fish; complete -C{shlex.quote(line)}"
    offered = output_of(["fish", "--no-config", "-c", script], folder, HOME=folder, XDG_CONFIG_HOME=folder).splitlines()
    return {each.split("\t")[0] for each in offered}


def faults_in(complete, shell, folder, completions):
    for line, expected in CASES:
        offered = complete(line, folder, completions)
        wanted = set(expected.removeprefix("+").split())
        if not (wanted <= offered if expected.startswith("+") else wanted == offered):
            yield f"{shell}: `{line}` offers {sorted(offered)} and not {sorted(wanted)}"


def expect_silence(steward, what, folder):
    said = output_of([steward, "__complete", "show", ""], folder)
    return [f"with {what} it says {said!r}"] if said else []


def main(shell, steward, stewardd, completions):
    complete = {"bash": bash, "zsh": zsh, "fish": fish}[shell]
    os.environ["PATH"] = f"{Path(steward).parent}:{os.environ['PATH']}"
    os.environ["LC_ALL"] = "C.UTF-8"
    with tempfile.TemporaryDirectory() as folder:
        socket = os.environ["STEWARD_SOCKET"] = f"{folder}/steward.sock"
        faults = expect_silence(steward, "no daemon", folder)
        daemon = subprocess.Popen([stewardd, "--socket", socket, "--private", "--log-level", "off"])
        try:
            end = time.monotonic() + WATCHDOG_S
            while not Path(socket).exists() and time.monotonic() < end:
                time.sleep(0.005)
            for words in OBJECTS:
                subprocess.run([steward, "make", *words.split()], check=True)
            Path(folder, "objects.dump").touch()
            faults += faults_in(complete, shell, folder, completions)
            daemon.send_signal(signal.SIGSTOP)
            faults += expect_silence(steward, "a stopped daemon", folder)
        finally:
            daemon.send_signal(signal.SIGCONT)
            daemon.terminate()
            daemon.wait()
    for fault in faults:
        print(fault)
    print(f"{len(CASES)} lines completed by {shell}, {len(faults)} faults")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
