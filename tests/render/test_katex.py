"""Every formula in Markdown is one that KaTeX, the strictest of the usual readers, sets without a warning."""

import json
import re
import shutil
import subprocess

import large
import pytest
import sample

from fullmarks import api
from fullmarks.problem.bank import bank_ids
from fullmarks.render import render_document

DISPLAYED = re.compile(r"\$\$(.+?)\$\$", re.DOTALL)
INLINE = re.compile(r"(?<![\\$])\$([^$]+)\$")
PATIENCE = 60  # seconds

SCRIPT = """
const katex = require('katex');
const refused = [];
for (const [tex, displayMode] of JSON.parse(require('fs').readFileSync(0, 'utf8'))) {
  try { katex.renderToString(tex, {displayMode, throwOnError: true, strict: 'error'}); }
  catch (error) { refused.push(`${tex}: ${error.message}`); }
}
console.log(JSON.stringify(refused));
"""


def formulas(markdown: str) -> list[tuple[str, bool]]:
    """Return the formulas between dollars, each with whether it is displayed."""
    displayed = [(tex, True) for tex in DISPLAYED.findall(markdown)]
    return displayed + [(tex, False) for tex in INLINE.findall(DISPLAYED.sub("", markdown))]


def refused(texts: list[tuple[str, bool]]) -> list[str]:
    """Return the formulas that KaTeX refuses, with its reasons; skips the test where there is no KaTeX."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    if subprocess.run([node, "-e", "require('katex')"], capture_output=True, check=False).returncode:
        pytest.skip("node finds no katex: npm install katex in some folder, and name its node_modules in NODE_PATH")
    done = subprocess.run(
        [node, "-e", SCRIPT], input=json.dumps(texts), capture_output=True, text=True, check=True, timeout=PATIENCE
    )
    answer = json.loads(done.stdout)
    assert isinstance(answer, list)
    return answer


def test_formulas_are_found_in_prose_and_displayed_and_dollars_of_prose_are_not() -> None:
    assert formulas("costs \\$5, $x$ and\n\n$$\ny\n$$\n\n| $z$ |") == [("\ny\n", True), ("x", False), ("z", False)]


def test_katex_is_strict_enough_to_refuse_an_unknown_command_and_a_letter_beyond_latin() -> None:
    assert len(refused([(r"\nonsense", False), ("é\u4e2d", True), ("x^2", False)])) == 2


def test_every_formula_of_the_sample_is_accepted_by_strict_katex() -> None:
    text = render_document(sample.PAPER, "md")
    assert isinstance(text, str)
    found = formulas(text)
    assert len(found) >= 12
    assert refused(found) == []


def test_every_formula_of_the_bank_is_accepted_by_strict_katex() -> None:
    found: list[tuple[str, bool]] = []
    for problem_id in bank_ids():
        solution = api.solve(api.load(problem_id))
        for document in api.DOCUMENTS:
            text = api.render(solution, "md", document)
            assert isinstance(text, str)
            found += formulas(text)
    assert len(found) > 500
    assert refused(found) == []


def test_every_formula_of_what_is_too_large_to_be_written_out_is_accepted_by_strict_katex() -> None:
    text = render_document(large.together("scheme"), "md")
    assert isinstance(text, str)
    assert refused(formulas(text)) == []
