"""Problem files for the fuzz tests: around operators' samples, and the bank's with a few lines or bytes spoilt."""

from pathlib import Path

from generators import NUMERALS, ODD, formulas, is_discussion, names, operators, sample, spoilt
from hypothesis import strategies as st

_FOLDER = Path(__file__).parents[2] / "problem_bank"
BANK = [path.read_text(encoding="utf-8") for path in sorted(_FOLDER.glob("*/*.toml"))]


def _toml_values() -> st.SearchStrategy[str]:
    numbers = st.sampled_from(
        ["0", "1", "-3", "2.5", "1e400", "nan", "inf", "0x10", "9" * 30, "1979-05-27", "07:32:00", "true"]
    )
    lists = st.recursive(numbers, lambda inner: st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"))
    return st.one_of(
        lists, st.sampled_from(["''", "'sobel_x'", "'a$b'", "{}", "{ value = 1 }", "{ draw = { integers = [0, 3] } }"])
    )


PROSE = ("$x$", "{A}", "$", "{", r"$\frac{1}$", r"$\foo$", "{Q}", "$$", "<b>", "# a", r"\input{x}", "\x7f", "*", "")


@st.composite
def problem_files(draw: st.DrawFn) -> str:
    """Draw a problem file around an operator's sample, with some fields odd or wrong."""

    def odd() -> bool:
        return draw(st.integers(0, 24)) == 0

    def prose() -> str:
        return "'" + (draw(st.sampled_from(PROSE)) if odd() else "Words.") + "'"

    operator = draw(st.sampled_from(operators()))
    given = sample(operator, draw(st.integers(0, 99)))
    lines = [f"title = {prose()}", f"setting = {prose()}"]
    if odd():
        lines.append(f"require = [{_quoted(draw(formulas()))}]")
    for name, value in given.items():
        lines.append(f"[given.{draw(names) if odd() else name}]")
        lines.append(f"value = {draw(_toml_values()) if odd() else spoilt(draw, value) if odd() else value}")
        lines.append(f"label = {prose()}")
        lines += [f"symbol = {prose()}"] if odd() else []
        lines += [draw(_draws())] if odd() else []
    call = f"{operator}({', '.join(f'{name}={name}' for name in given)})"
    if odd():
        call = spoilt(draw, call)
    elif draw(st.integers(0, 3)) == 0:
        call = (
            draw(st.sampled_from(["-{}", "2 * {}", "sigmoid({})", "sum({})", "1 / {}", "{0} + {0}", "{} @ {}"]))
            .replace("{0}", "{}")
            .format(call, call)
        )
    discusses = is_discussion(operator) != odd()
    lines.append("[where]")
    lines += [f"Z = {_quoted(draw(formulas()))}"] if odd() else []
    lines += [] if discusses else [f"Y = {_quoted(call)}"]
    lines += ["[[part]]", f"discuss = {_quoted(call)}" if discusses else "find = 'Y'"]
    lines += [f"ask = {prose()}"] if odd() else []
    lines += [draw(st.sampled_from(["marks = 3", "marks = -1", "marks = 1.5", "mark = 1"]))] if odd() else []
    return "\n".join(lines)


def _quoted(text: str) -> str:
    return "'''" + text.replace("'''", "") + " '''"


def _draws() -> st.SearchStrategy[str]:
    return st.builds(
        lambda kind, low, high, more: f"draw = {{ {kind} = [{low}, {high}]{more} }}",
        st.sampled_from(["integers", "decimals", "choice", "integer"]),
        st.sampled_from(["0", "-4", "0.5", "nan", "'sobel_x'", "-99999999999999999999"]),
        st.sampled_from(["4", "-5", "1.5", "1e300", "[[1]]", "99999999999999999999"]),
        st.sampled_from(
            ["", "", ", shape = [3]", ", shape = [99, 99]", ", nonzero = true", ", step = 1e-30", ", step = 0"]
        ),
    )


@st.composite
def spoilt_bank(draw: st.DrawFn) -> bytes:
    """Draw a file of the bank with a few lines or bytes changed, doubled, exchanged or left out."""
    lines = draw(st.sampled_from(BANK)).split("\n")
    for _ in range(draw(st.integers(1, 2))):
        place, other = (draw(st.integers(0, len(lines) - 1)) for _ in range(2))
        match draw(st.integers(0, 6)):
            case 0:
                del lines[place]
            case 1:
                lines.insert(place, lines[other])
            case 2:
                lines[place], lines[other] = lines[other], lines[place]
            case 3:
                lines[place] = lines[place].replace(
                    draw(st.sampled_from([*"0123=,[](){}'\"$\\"])), draw(st.sampled_from([*ODD, *NUMERALS])), 1
                )
            case 4:
                key = lines[place].partition("=")[0]
                lines[place] = f"{key}= {draw(_toml_values())}"
            case 5:
                at = draw(st.integers(0, len(lines[place])))
                lines[place] = lines[place][:at] + draw(st.sampled_from([*ODD, *NUMERALS])) + lines[place][at:]
            case _:
                lines[place] = lines[place].replace("conv2d", draw(st.sampled_from(operators())))
        lines = lines or [""]
    content = "\n".join(lines).encode("utf-8", "surrogatepass")
    if draw(st.integers(0, 9)) == 0:
        at = draw(st.integers(0, len(content)))
        content = content[:at] + draw(st.binary(min_size=1, max_size=4)) + content[at + draw(st.integers(0, 3)) :]
    return content
