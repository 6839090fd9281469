#!/usr/bin/env python3
"""Every example of a page does what the page says, each with a daemon of its own.

    examples.py STEWARD STEWARDD PAGE_SOURCE...

Its lines `$ ` and `% ` are given to bash, and what comes out is compared with the others: `...` stands for anything,
alone in a line for any lines. In an example of `figures` numbers, times, users and the width of blanks may be others.
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

WATCHDOG_S = 20
# A number, or a time such as 3m12s, that stands for itself.
FIGURE = re.compile(r"(?<![\w])\d[\d.]*(ns|us|µs|ms|s|m|h|d)?(\d+(s|m|h))?(?![\w])")


def examples_of(source):
    """Line, kind and lines of each."""
    example = None
    for number, line in enumerate(Path(source).read_text().splitlines(), 1):
        if line.startswith("@example"):
            example = (number, line.removeprefix("@example").strip(), [])
        elif line == "@end":
            yield example
            example = None
        elif example:
            example[2].append(line)


def user():
    return subprocess.run(["id", "-un"], check=True, text=True, stdout=subprocess.PIPE).stdout.strip()


def without_figures(text):
    text = re.sub(rf"\b({re.escape(user())}|root)\b", "USER", text)
    return re.sub(r" +", " ", FIGURE.sub("N", text))


def matches(expected, output, kind):
    if kind == "figures":
        expected, output = without_figures(expected), without_figures(output)
    pattern = ""
    for line in expected.splitlines():
        pattern += r"(.*\n)*" if line == "..." else r".*".join(map(re.escape, line.split("..."))) + r" *\n"
    return re.fullmatch(pattern, output) is not None


def run_script(script, folder, programs):
    environment = dict(os.environ, STEWARD_SOCKET=f"{folder}/steward.sock", LC_ALL="C.UTF-8",
                       PATH=":".join([*(str(Path(program).parent) for program in programs), os.environ["PATH"]]))
    environment.pop("STEWARD_SESSION", None)
    shell = subprocess.Popen(["bash", "-c", script], cwd=folder, env=environment, text=True, start_new_session=True,
                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    # What an example leaves in the background has the pipe as well: the end is the shell's.
    try:
        shell.wait(WATCHDOG_S)
    except subprocess.TimeoutExpired:
        pass
    os.killpg(shell.pid, signal.SIGKILL) if shell.poll() is None else None
    return shell


def wait_for(path):
    end = time.monotonic() + WATCHDOG_S
    while not path.exists() and time.monotonic() < end:
        time.sleep(0.005)


def fault_in(example, steward, stewardd):
    _, kind, lines = example
    typed = [line[2:] for line in lines if line.startswith(("$ ", "% "))]
    expected = "".join(line + "\n" for line in lines if not line.startswith(("$ ", "% ")))
    with tempfile.TemporaryDirectory() as folder:
        daemon = subprocess.Popen([stewardd, "--private", "--socket", f"{folder}/steward.sock", "--log-level", "off"])
        try:
            wait_for(Path(folder) / "steward.sock")
            # Jobs that are left end with the shell, so that nobody has the pipe any more.
            script = "\n".join(typed) + "\nkill $(jobs -p) 2>/dev/null\nexec >&- 2>&-; wait"
            shell = run_script(script, folder, (steward, stewardd))
            output = shell.stdout.read()
        finally:
            daemon.terminate()
            daemon.wait()
    if not matches(expected, output, kind):
        return f"says\n{expected}but comes\n{output}"
    return None


def main(steward, stewardd, *sources):
    checked = faults = 0
    for source in sources:
        for example in examples_of(source):
            checked += 1
            if fault := fault_in(example, steward, stewardd):
                faults += 1
                print(f"{source}:{example[0]}: {fault}")
    print(f"{checked} examples run, {faults} faults")
    sys.exit(1 if faults or not checked else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
