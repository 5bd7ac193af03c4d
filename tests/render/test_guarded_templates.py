"""Templates that a lecturer has changed: they may print and choose, and can neither read files nor run for ever."""

import subprocess
import sys
from pathlib import Path

import pytest

from fullmarks.errors import FullmarksError
from fullmarks.render import html, latex, templates

KNOWN = ("title", "body")

REFUSED = [
    ("{% include '/etc/passwd' %}", "line 1: include is not allowed"),
    ("{% extends 'x' %}", "extends is not allowed"),
    ("{% import 'x' as y %}", "import is not allowed"),
    ("a\n{% for x in range(10**9) %}{% endfor %}", "line 2: "),
    ("{% for x in title %}{{ x }}{% endfor %}", "for is not allowed"),
    ("{% macro again() %}{{ again() }}{% endmacro %}", "macro is not allowed"),
    ("{{ title.__class__.__mro__ }}", "getattr is not allowed"),
    ("{{ title['__class__'] }}", "getitem is not allowed"),
    ("{{ cycler('a') }}", "is not allowed"),
    ("{{ title * 1000000000 }}", "mul is not allowed"),
    ("{{ title | center(1000000000) }}", "filter is not allowed"),
    ("{% set title = title ~ title %}", "is not allowed"),
    ("{{ titel }}", "there is no 'titel'; did you mean 'title'?"),
    ("a\n{% if title %}", "line 2: "),
    ("{{ title", "line 1: "),
    ("{{ " + "(" * 5000 + "title" + ")" * 5000 + " }}", "nested too deep"),
]


@pytest.mark.parametrize(("text", "words"), REFUSED, ids=range(len(REFUSED)))
def test_a_template_that_does_more_than_print_and_choose_is_refused(
    text: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from jinja2.sandbox import SandboxedEnvironment

    monkeypatch.setattr(templates, "template", lambda _name: text)
    with pytest.raises(FullmarksError) as refusal:
        templates.frame("html/document.html.j2", KNOWN, SandboxedEnvironment())
    assert str(refusal.value).startswith("templates/html/document.html.j2: ")
    assert words in str(refusal.value)


def test_the_templates_that_come_with_the_program_are_allowed() -> None:
    assert latex._frame() is not None  # noqa: SLF001 - the very thing that render fills in
    assert html._frame() is not None  # noqa: SLF001 - the same


def test_a_changed_template_may_still_choose(monkeypatch: pytest.MonkeyPatch) -> None:
    from jinja2 import Environment

    monkeypatch.setattr(
        templates, "template", lambda _name: "{% if title == 'T' and not body %}{{ title }}{% endif %}!"
    )
    frame = templates.frame("x", KNOWN, Environment(autoescape=True))
    assert frame.render(title="T", body="") == "T!"
    assert frame.render(title="U", body="") == "!"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('#read("/etc/passwd")', "could not be set"),
        ("#while true {}", "could not be set"),
        ("#let f(n) = f(n + 1)\n#f(0)", "could not be set"),
        ("#for a in range(100000) { for b in range(100000) {} }", "more than 2 seconds"),
    ],
)
def test_a_typst_template_can_neither_read_files_nor_run_for_ever(line: str, words: str, tmp_path: Path) -> None:
    # In a process of its own: what loops goes on until the process ends.
    script = tmp_path / "call.py"
    spoilt = f"\n#let spoilt() = [\n{line}\n]\n#spoilt()\n"
    script.write_text(
        "import sys\n"
        "from fullmarks import cli\n"
        "from fullmarks.render import pdf, templates\n"
        "pdf.LONGEST = 2.0\n"
        "kept = templates.template\n"
        f"pdf.template = lambda name: kept(name) + {spoilt!r}\n"
        "sys.exit(cli.main(['solve', 'max_pool2d', 'x=1 2; 3 4', 'size=2', '-o', 'out.pdf']))\n"
    )
    done = subprocess.run([sys.executable, str(script)], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stderr
    assert words in done.stderr
    assert not (tmp_path / "out.pdf").exists()
