#!/usr/bin/env python3
"""Makes a page of the manual: what a person wrote, and what the program says of itself.

    make_page.py SOURCE DESCRIPTION OUTPUT[.gz]

SOURCE is man(7) with lines for this script; DESCRIPTION is what `steward --describe` or `stewardd --describe` prints.

    @title NAME SECTION        the head of the page
    @command NAME              heading, synopsis, purpose, arguments and options of a command
    @options                   the options of all commands, or of the daemon
    @settings                  the options that a configuration file may hold, and when each takes effect
    @exit-codes                the table of them
    @example [figures] ... @end
                               what a shell shows: `$ ` begins what is typed, `% ` what is done besides and not shown.
                               tests/manual/examples.py runs it; with `figures` numbers may be others

In other lines `code` becomes bold. It is an error where a command, its example or a description is missing.
"""

import gzip
import json
import re
import sys
from pathlib import Path


# What a page must have, so that none of it is told by the program and missing in the manual.
NEEDED = {
    ("steward", "1"): {"options", "exit-codes", "command"},
    ("stewardd", "8"): {"options", "exit-codes"},
    ("stewardd.conf", "5"): {"settings"},
}


class Fault(Exception):
    """What is wrong with a page or a description."""


def escaped(text):
    return text.replace("\\", "\\e").replace("'", "\\(aq").replace("`", "\\(ga").replace("^", "\\(ha").replace(
        "~", "\\(ti").replace("-", "\\-").replace("\"", "\\(dq")


def bold(text):
    return f"\\fB{escaped(text)}\\fP"


def placeholders(text):
    """A usage line: what stands for something else is in italics, the rest in bold."""
    word = re.compile(r"([A-Za-z0-9_#-]+)|([^A-Za-z0-9_#-]+)")
    shown = ""
    for name, between in word.findall(text):
        shown += between or (f"\\fI{escaped(name)}\\fP" if name.isupper() else bold(name))
    return shown


def prose(text):
    """What a person wrote, in roff: `code` and --options become bold."""
    parts = []
    for position, part in enumerate(text.split("`")):
        if position % 2:
            parts.append(bold(part))
        else:
            plain = re.sub(r"(?<![\w\\-])--?[a-z][a-z-]*", lambda option: "\0" + option[0] + "\1", part)
            plain = re.sub("\0(.*?)\1", lambda option: bold(option[1]), plain)
            parts.append(plain.replace("~", "\\(ti").replace("^", "\\(ha"))
    line = "".join(parts)
    return "\\&" + line if line.startswith((".", "'")) else line


def sentence(text):
    """As the help says it, with a capital and a full stop."""
    text = text.strip()
    if re.match(r"[a-z]+[ ,]", text) and not re.match(r"[a-z]\b", text):
        text = text[:1].upper() + text[1:]
    return said(text if text.endswith((".", "!")) else text + ".")


def said(text):
    """What a program says, which is no roff."""
    return prose(text.replace("\\", "\\e"))


def paragraphs(text):
    return [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]


def tagged(tag, text):
    return [".TP", tag, text]


def option_tag(option):
    names = ", ".join(bold(name) if name.startswith("-") else f"\\fI{escaped(name)}\\fP" for name in option["names"])
    return names + (f" {placeholders(option['value'])}" if option["value"] else "")


def option_lines(options):
    lines = []
    for option in options:
        if not option["description"]:
            raise Fault(f"{option['names'][-1]} has no description")
        if option["names"][0].startswith("-") and option.get("takes_value") and not option["value"]:
            raise Fault(f"{option['names'][-1]} does not name its value")
        lines += tagged(option_tag(option), sentence(option["description"]))
    return lines


def command_lines(command):
    if not command["purpose"]:
        raise Fault(f"{command['name']} has no purpose")
    lines = [f".SS {escaped(command['name'])}",
             f"{bold('steward ' + command['name'])} [\\fIOPTIONS\\fP] {placeholders(command['synopsis'])}".rstrip(),
             ".PP", sentence(command["purpose"])]
    lines += option_lines(command["arguments"] + command["options"])
    variants = command["variants"]
    common = [option for option in variants[0]["options"] if all(option in each["options"] for each in variants)
              ] if variants else []
    lines += option_lines(common)
    for variant in variants:
        lines += tagged(f"{bold(variant['name'])} {placeholders(variant['synopsis'])}", sentence(variant["purpose"]))
        own = option_lines([option for option in variant["options"] if option not in common])
        lines += [".RS"] + own + [".RE"] if own else []
    for paragraph in paragraphs(command["details"]):
        lines += [".PP", said(paragraph)]
    return lines


def setting_lines(options):
    lines = []
    for option in options:
        if option["configurable"]:
            name = option["names"][-1].removeprefix("--")
            when = "Takes effect at once." if option["at_once"] else "Takes effect with the next start."
            lines += tagged(f"{bold(name)} = {placeholders(option['value'] or 'true|false')}",
                            sentence(option["description"]))
            lines.append(when)
    return lines


class Page:
    """Reads a source line by line."""

    def __init__(self, description):
        self.description = description
        self.lines = []
        self.missing = {command["name"]: command for command in description.get("commands", [])}
        self.without_example = None
        self.needed = set()
        self.used = set()
        self.in_example = False

    def read(self, source):
        for line in source.splitlines():
            self.read_line(line)
        if self.in_example:
            raise Fault("an @example without @end")
        self.close_command()
        if "command" in self.used and self.missing:
            raise Fault(f"no section for the commands {', '.join(self.missing)}")
        if not self.needed <= self.used:
            raise Fault(f"no @{', no @'.join(self.needed - self.used)}")
        return "\n".join(self.lines) + "\n"

    def read_line(self, line):
        if self.in_example:
            self.read_example(line)
        elif line.startswith("@"):
            word, *rest = line[1:].split()
            directive = {"title": self.title, "command": self.command, "options": self.options,
                         "settings": self.settings, "exit-codes": self.exit_codes, "example": self.example}.get(word)
            if directive is None:
                raise Fault(f"what is {line}?")
            self.used.add(word)
            directive(*rest)
        elif line.startswith((".", "'")):
            if line.startswith(".SH"):
                self.close_command()
            self.lines.append(line)
        elif line:
            self.lines.append(prose(line))

    def title(self, name, section):
        self.needed = NEEDED.get((name, section), set())
        self.lines.append(f".TH {escaped(name).upper()} {section} \"\" \"Steward {self.description['version']}\" Steward")

    def close_command(self):
        if self.without_example:
            raise Fault(f"the command {self.without_example} has no example")

    def command(self, name):
        self.close_command()
        if name not in self.missing:
            raise Fault(f"{name} is no command, or stands twice")
        self.without_example = name
        self.lines += command_lines(self.missing.pop(name))

    def options(self):
        self.lines += option_lines(self.description["options"])

    def settings(self):
        self.lines += setting_lines(self.description["options"])

    def exit_codes(self):
        for entry in self.description["exit_codes"]:
            self.lines += tagged(f"\\fB{entry['code']}\\fP", sentence(entry["meaning"]))

    def example(self, *kind):
        if kind not in ((), ("figures",)):
            raise Fault(f"what is an example of {' '.join(kind)}?")
        self.in_example = True
        self.lines += [".PP", ".RS 4", ".EX"]

    def read_example(self, line):
        if line == "@end":
            self.in_example = False
            self.without_example = None
            self.lines += [".EE", ".RE"]
        elif line.startswith("$ "):
            self.lines.append("$ " + bold(line[2:]))
        elif not line.startswith("% "):
            shown = escaped(line)
            self.lines.append("\\&" + shown if shown.startswith(".") else shown)


def main(source, description, output):
    try:
        page = Page(json.loads(Path(description).read_text())).read(Path(source).read_text())
    except Fault as fault:
        sys.exit(f"{source}: {fault}")
    data = page.encode()
    # As `gzip -9n` does: the same page is the same file.
    Path(output).write_bytes(gzip.compress(data, 9, mtime=0) if output.endswith(".gz") else data)


if __name__ == "__main__":
    main(*sys.argv[1:])
