"""The font that comes with a page: on a machine without mathematical fonts every formula is drawn with it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from chromium import Page, opened_page, program

from fullmarks.document.blocks import Answer, Document
from fullmarks.math.notation import Fence, Fraction, Matrix, Node, Number, Root, SignKind
from fullmarks.math.notation.mathml import ACCENTS, BOLD, IRREGULAR_BOLD, IRREGULAR_ITALIC, ITALIC, LENGTHS
from fullmarks.math.notation.vocabulary import GREEK
from fullmarks.render import render_document

WITHOUT_MATHEMATICS = """<?xml version="1.0"?>
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <selectfont><rejectfont>
    <glob>*math*</glob><glob>*Math*</glob><glob>*MATH*</glob>
    <pattern><patelt name="family"><string>Cambria Math</string></patelt></pattern>
  </rejectfont></selectfont>
</fontconfig>
"""

WRITE = """
document.fonts.ready.then(() => {
  const page = document.querySelector('main');
  page.replaceChildren();
  page.style.fontFamily = '"Fullmarks Math"';
  page.textContent = %s;
  return page.getBoundingClientRect().height;
})
"""
HEIGHTS = """
document.fonts.ready.then(() => [...document.querySelectorAll('.answer math')].map(formula => [
  formula.querySelector('mo').getBoundingClientRect().height,
  formula.querySelector('mtable, mfrac').getBoundingClientRect().height]))
"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """Return an empty page of a Chromium that finds no mathematical font; skips the test where there is none."""
    found = program()
    if found is None:
        pytest.skip("there is no chromium")
    folder = tmp_path_factory.mktemp("profile")
    (folder / "fonts.conf").write_text(WITHOUT_MATHEMATICS)
    with opened_page(found, folder, {"FONTCONFIG_FILE": str(folder / "fonts.conf")}) as page:
        yield page


def column(rows: int) -> Matrix:
    return Matrix(tuple((Number(str(row)),) for row in range(rows)))


def opened(browser: Page, folder: Path, *formulas: Node) -> None:
    text = render_document(Document("T", tuple(Answer(formula) for formula in formulas)), "html")
    assert isinstance(text, str)
    (folder / "page.html").write_text(text, encoding="utf-8")
    browser.opened(folder / "page.html")


def written_by_the_emitter() -> str:
    """Return every character that ``mathml`` writes without having been given it."""
    letters = {*GREEK.values(), *get_args(SignKind), *ACCENTS.values(), *"⌈⌉⌊⌋‖{}|∑∏⏟−"}
    letters |= {*IRREGULAR_BOLD.values(), *IRREGULAR_ITALIC.values(), *map(chr, range(0x21, 0x7F))}
    for starts in (BOLD, ITALIC):
        letters |= {chr(start + place) for first, start in starts.items() for place in range(LENGTHS[first])}
    return "".join(sorted(letters - {chr(0x1D455)}))  # which is not assigned


def fonts_of(browser: Page, text: str) -> dict[bool, int]:
    """Return how many letters of a text the font of the page draws, and how many a font of the machine."""
    browser.asked(WRITE % json.dumps(text))
    for domain in ("DOM", "CSS"):
        browser.call(f"{domain}.enable")
    root = browser.call("DOM.getDocument")["root"]["nodeId"]
    written = browser.call("DOM.querySelector", nodeId=root, selector="main")["nodeId"]
    used = browser.call("CSS.getPlatformFontsForNode", nodeId=written)["fonts"]
    return {own: sum(font["glyphCount"] for font in used if font["isCustomFont"] == own) for own in (True, False)}


def test_every_character_of_the_emitter_is_in_the_font(browser: Page, tmp_path: Path) -> None:
    opened(browser, tmp_path, column(2))
    assert browser.asked("document.fonts.ready.then(fonts => [...fonts].map(font => font.status))") == ["loaded"]
    assert fonts_of(browser, "xж") == {True: 1, False: 1}
    letters = written_by_the_emitter()
    assert len(letters) > 300
    assert fonts_of(browser, letters) == {True: len(letters), False: 0}


def test_brackets_are_as_high_as_what_they_hold(browser: Page, tmp_path: Path) -> None:
    opened(browser, tmp_path, *(column(rows) for rows in (2, 3, 5, 9, 20)), Fence(Fraction(Number("1"), Number("2"))))
    heights = browser.asked(HEIGHTS)
    assert len(heights) == 6
    for bracket, inside in heights:
        assert 0.85 * inside <= bracket <= 1.4 * inside + 8, (bracket, inside)


def test_a_page_with_the_font_asks_for_nothing_and_complains_of_nothing(browser: Page, tmp_path: Path) -> None:
    opened(browser, tmp_path, Root(column(3)))
    assert browser.complaints() == []
