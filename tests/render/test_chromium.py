"""Every page opened in Chromium: nothing in the console, nothing asked of the network, nothing that axe-core minds."""

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import sample
from chromium import Page, opened_page, program

from fullmarks import api
from fullmarks.document.blocks import Answer, Block, Document, Heading, PageBreak, Words
from fullmarks.document.paper import CoverText, Question, paper_document, scheme_of_paper
from fullmarks.exam.choosing import LEVELS, find_source, new_exercise
from fullmarks.operators import load_operator, operator_names
from fullmarks.problem.bank import bank_ids
from fullmarks.render import render_document

DESK, PHONE = 1280, 360  # pixels
PAGES = ("sample", "question", "solution", "scheme", *LEVELS, "paper", "scheme of the paper")

VIOLATIONS = """
axe.run(document, {{resultTypes: ['violations'], {options}}}).then(result => result.violations.map(
  violation => [violation.id, violation.nodes.slice(0, 3).map(node => node.html.slice(0, 300))]))
"""
EMPTY_FORMULAS = "document.querySelectorAll('math').forEach(formula => formula.replaceChildren())"

FOREIGN = """
[...document.querySelectorAll('*')]
  .filter(element => element instanceof HTMLUnknownElement || element.localName === 'merror')
  .map(element => element.outerHTML.slice(0, 300))
"""
NOT_DRAWN = """
[...document.querySelectorAll('math')]
  .filter(formula => !getComputedStyle(formula).display.includes('math') || formula.getBoundingClientRect().width < 1)
  .map(formula => formula.outerHTML.slice(0, 300))
"""
TOO_WIDE = """
[document.documentElement, ...document.querySelectorAll('main *')]
  .filter(element => element.getBoundingClientRect().right > innerWidth + 1 && !element.closest('[tabindex]'))
  .map(element => element.outerHTML.slice(0, 300)).slice(0, 5)
"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """Return an empty page of Chromium; skips the test where there is none."""
    found = program()
    if found is None:
        pytest.skip("there is no chromium")
    with opened_page(found, tmp_path_factory.mktemp("profile")) as page:
        yield page


@pytest.fixture(scope="module")
def axe() -> str:
    """Return axe-core's source; skips the test where there is none."""
    for folder in os.environ.get("NODE_PATH", "").split(os.pathsep):
        source = Path(folder) / "axe-core" / "axe.min.js"
        if folder and source.is_file():
            return source.read_text(encoding="utf-8")
    return pytest.skip(
        "there is no axe-core: npm install axe-core in some folder, and name its node_modules in NODE_PATH"
    )


@cache
def composed(problem_id: str, document: str) -> Document:
    made = api.composed(api.solve(api.load(problem_id)).marked, document)
    assert isinstance(made, Document)
    return made


def samples(level: Any) -> Iterator[tuple[str, Document]]:
    """Return the worked samples of every operator that has them."""
    for name in sorted(operator_names()):
        if load_operator(name).sample is not None:
            solution = api.solve(new_exercise(find_source(name, level), seed=1))
            yield name, api.composed(solution.marked, "solution")


def together(documents: Iterator[tuple[str, Document]]) -> Document:
    """Return documents as one: that is opened much faster than many."""
    blocks: list[Block] = []
    for name, document in documents:
        blocks += [Heading((Words(name),)), *document.blocks, PageBreak()]
    return Document("All of them", tuple(blocks), kind=document.kind)


def the_page(name: str) -> Document:
    """Return one of ``PAGES``."""
    if name == "sample":
        return sample.PAPER
    if name in LEVELS:
        return together(samples(name))
    if name in api.DOCUMENTS:
        return together((problem_id, composed(problem_id, name)) for problem_id in bank_ids())
    cover = CoverText("An exam", "Semester 1", "30 November 2026", "2 hours", ("Answer all.",), "1")
    problems = [api.solve(api.load(problem_id)).marked for problem_id in ("cnn-pipeline", "rnn-two-steps")]
    questions = (Question(tuple(problems)), Question(tuple(problems[:1])))
    return paper_document(cover, questions) if name == "paper" else scheme_of_paper(cover, questions)


def opened(browser: Page, document: Document | str, folder: Path) -> None:
    made = render_document(document, "html") if isinstance(document, Document) else document
    assert isinstance(made, str)
    path = folder / "page.html"
    path.write_text(made, encoding="utf-8")
    browser.opened(path)


@pytest.mark.parametrize("name", PAGES)
def test_chromium_and_axe_have_nothing_to_say(name: str, browser: Page, axe: str, tmp_path: Path) -> None:
    opened(browser, the_page(name), tmp_path)
    browser.asked(f"{axe}; 0")
    browser.screen(DESK, dark=False)
    whole = name in {"sample", "paper"}
    if whole:
        assert browser.asked(VIOLATIONS.format(options="")) == []
    assert browser.asked(FOREIGN) == []
    assert browser.asked(NOT_DRAWN) == []
    assert browser.asked(TOO_WIDE) == []
    browser.screen(PHONE, dark=True)
    assert browser.asked(TOO_WIDE) == []
    assert browser.asked("document.documentElement.scrollWidth <= innerWidth") is True
    assert browser.asked(VIOLATIONS.format(options="runOnly: ['scrollable-region-focusable']")) == []
    if not whole:
        # The insides of formulas are most of a large page, and of the time; small pages have been judged with them.
        browser.asked(EMPTY_FORMULAS)
    assert browser.asked(VIOLATIONS.format(options="")) == []
    assert browser.complaints() == []


WIDE = Document("T", (*sample.SOLUTION.blocks, Answer(sample.numbers(" ".join(["0.12345"] * 20)))))


def changed(before: str, after: str) -> str:
    made = render_document(WIDE, "html")
    assert isinstance(made, str)
    assert before in made
    return made.replace(before, after)


@pytest.mark.parametrize(
    ("broken", "question"),
    [
        (changed("<main>", '<main><div style="width: 900px">x</div>'), TOO_WIDE),
        (changed("<mfrac>", "<mfrac><b>x</b>"), FOREIGN),
        (changed("<math ", '<math style="display: none" '), NOT_DRAWN),
    ],
    ids=["wider than the screen", "a foreign element", "a formula that is not drawn"],
)
def test_a_page_with_this_fault_is_noticed(broken: str, question: str, browser: Page, tmp_path: Path) -> None:
    opened(browser, broken, tmp_path)
    browser.screen(PHONE, dark=False)
    assert browser.asked(question) != []


@pytest.mark.parametrize(
    ("broken", "rule"),
    [
        (changed('<html lang="en">', "<html>"), "html-has-lang"),
        (changed("--quiet: #555555", "--quiet: #aaaaaa"), "color-contrast"),
        (changed('tabindex="0"', ""), "scrollable-region-focusable"),
        (changed("<main>", '<main><svg role="img"></svg>'), "svg-img-alt"),
    ],
    ids=["no language", "grey on white", "no way to scroll by key", "a picture without a name"],
)
def test_axe_notices_a_page_with_this_fault(broken: str, rule: str, browser: Page, axe: str, tmp_path: Path) -> None:
    opened(browser, broken, tmp_path)
    browser.screen(PHONE, dark=False)
    browser.asked(f"{axe}; 0")
    assert rule in [found for found, _ in browser.asked(VIOLATIONS.format(options=""))]


def test_a_script_that_got_into_a_page_would_not_run_and_be_reported(browser: Page, tmp_path: Path) -> None:
    opened(browser, changed("<main>", "<main><script>document.title = 'run'</script>"), tmp_path)
    assert browser.asked("document.title") != "run"
    assert any("Content Security Policy" in complaint for complaint in browser.complaints())


def test_a_page_that_asks_for_a_file_is_noticed(browser: Page, tmp_path: Path) -> None:
    opened(browser, changed("<main>", '<main><img src="https://example.org/x.png" alt="x">'), tmp_path)
    assert browser.complaints() != []


def test_a_table_of_wrong_answers_is_shown_whole_and_cannot_be_scrolled_down(browser: Page, tmp_path: Path) -> None:
    opened(browser, api.composed(api.solve("relu", x=[1, -2, 3]).marked, "scheme"), tmp_path)
    boxes = "[...document.querySelectorAll('.tabulated')]"
    bottom = "one.getBoundingClientRect().bottom"
    assert browser.asked(f"{boxes}.map(one => getComputedStyle(one).overflowY)") == ["hidden"]
    assert browser.asked(
        f"{boxes}.every(box => [...box.querySelectorAll('td')].every(one => {bottom} <= box.{bottom[4:]}))"
    )
