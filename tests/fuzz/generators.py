"""What the fuzz tests are fed: texts near to formulas, values and command lines, and far from them."""

import json
from fractions import Fraction
from functools import cache

from hypothesis import strategies as st

ODD = (
    "",
    " ",
    "\0",
    "\n",
    "\ufeff",
    "\x1b[31m",
    "é",
    "ｘ",
    "١",
    "𝟙",
    "\u202e",
    "\\",
    "$",
    "{",
    "}",
    "'",
    '"',
    "%",
    "#",
    "@",
    ";",
    "=",
)
NUMERALS = (
    *(
        "0",
        "-0",
        "1",
        "-1",
        "2.5",
        ".5",
        "1/3",
        "1/0",
        "1e3",
        "1e308",
        "1e400",
        "1e-400",
        "nan",
        "inf",
        "0x10",
        "1_000",
    ),
    *("9" * 70, "99999999999999999999", "10000", "1000000000", "true", "false", "none", "a", "b2", "sobel_x", "same"),
)

names = st.sampled_from(
    ["A", "F", "Y", "Z", "x", "W_hh", "h0", "stride", "max", "for", "conv2d", "result", "é", "_", "Y.weights"]
)


@cache
def operators() -> list[str]:
    """Return the names of all operators."""
    from fullmarks.operators import operator_names

    return sorted(operator_names())


def _calls(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    argument = st.one_of(inner, st.builds("{}={}".format, argument_names(), inner))
    return st.builds(
        lambda name, arguments: f"{name}({', '.join(arguments)})",
        st.sampled_from([*operators(), "min", "distinct", "print", "__import__"]),
        st.lists(argument, max_size=5),
    )


@cache
def argument_names() -> st.SearchStrategy[str]:
    """Draw the name of some operator's argument."""
    from fullmarks.operators import load_operator

    return st.sampled_from(
        sorted({argument.name for name in operators() for argument in load_operator(name).arguments})
    )


@cache
def formulas() -> st.SearchStrategy[str]:
    """Draw texts that are formulas or nearly so."""
    leaves = st.one_of(names, st.sampled_from(NUMERALS), st.sampled_from(ODD), st.just("'sobel_x'"))
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            _calls(inner),
            st.builds(
                lambda one, sign, two: f"{one} {sign} {two}",
                inner,
                st.sampled_from([*"+-*/@<=;", "**", "//", " and "]),
                inner,
            ),
            st.builds("-{}".format, inner),
            st.builds("({})".format, inner),
            st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        ),
        max_leaves=12,
    )


@cache
def values() -> st.SearchStrategy[str]:
    """Draw texts that are values of ``NAME=VALUE`` or nearly so."""
    row = st.lists(st.sampled_from(NUMERALS), min_size=1, max_size=4).map(" ".join)
    whole = st.integers(0, 4).map(str)
    plain = st.lists(st.lists(whole, min_size=3, max_size=3).map(" ".join), min_size=1, max_size=4).map("; ".join)
    return st.one_of(
        plain,
        st.lists(row, min_size=1, max_size=4).map("; ".join),
        st.recursive(
            st.sampled_from(NUMERALS),
            lambda inner: st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        ),
        st.sampled_from(NUMERALS),
        st.text(max_size=12),
        st.text(max_size=8).map("@{}".format),
    )


def sample(operator: str, seed: int) -> dict[str, str]:
    """Return arguments that make sense for an operator, each as text that the command line and TOML read alike."""
    from fullmarks.operators import load_operator
    from fullmarks.problem.stream import Stream

    makes = load_operator(operator).sample
    drawn = makes("easy", Stream(seed, operator)) if makes else {}
    return {name: _text(value) for name, value in drawn.items() if value is not None}


def _text(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case int():
            return str(value)
        case float() | Fraction():
            return str(float(value))
        case str():
            return json.dumps(value)
        case list() | tuple():
            return "[" + ", ".join(_text(item) for item in value) + "]"
        case _:
            raise TypeError(value)


@st.composite
def assignments(draw: st.DrawFn, operator: str) -> list[str]:
    """Draw ``NAME=VALUE`` that make sense for an operator, with a few changed, left out or added."""
    given = sample(operator, draw(st.integers(0, 99)))
    for name in list(given):
        match draw(st.integers(0, 12)):
            case 0:
                given[name] = draw(values())
            case 1:
                given[name] = spoilt(draw, given[name])
            case 2:
                del given[name]
            case _:
                pass
    if draw(st.integers(0, 3)) == 0:
        given[draw(st.one_of(argument_names(), names))] = draw(values())
    return [f"{name}={_typed(value)}" for name, value in given.items()]


def _typed(value: str) -> str:
    """Return a value as it is typed: a word without its quotes."""
    return value[1:-1] if value[:1] == value[-1:] == '"' else value


def spoilt(draw: st.DrawFn, text: str) -> str:
    """Put something odd into a text, or in place of one of its characters."""
    at = draw(st.integers(0, len(text)))
    return text[:at] + draw(st.sampled_from([*ODD, *NUMERALS])) + text[at + draw(st.integers(0, 1)) :]


def is_discussion(operator: str) -> bool:
    """Tell whether an operator answers in words."""
    from fullmarks.operators import load_operator

    return load_operator(operator).is_discussion


@st.composite
def worked_formulas(draw: st.DrawFn) -> tuple[str, list[str]]:
    """Draw formulas around an operator's sample, often with something odd in them, and their givens as typed."""
    operator = draw(st.sampled_from([name for name in operators() if not is_discussion(name)]))
    given = sample(operator, draw(st.integers(0, 99)))
    formula = f"Y = {operator}({', '.join(f'{name}={name}' for name in given)})"
    match draw(st.integers(0, 5)):
        case 0:
            formula = spoilt(draw, formula)
        case 1:
            formula += f"; {draw(formulas())}"
        case 2:
            other = draw(st.sampled_from(operators()))
            formula += f"; {other}(Y)"
        case 3:
            formula += draw(
                st.sampled_from(["; Z = Y + Y", "; Y @ Y", "; Z = Y / (Y - Y)", "; -Y * 2", "; Y.weights", "; 1 / Y"])
            )
        case _:
            pass
    return formula, [f"{name}={_typed(value)}" for name, value in given.items()]


@st.composite
def command_lines(draw: st.DrawFn) -> list[str]:
    """Draw a command line: a command, something to work on, givens and options, all of them right or nearly so."""
    flags = ["--solution", "--exact", "--bogus", "-", "--"]
    valued = {
        "--seed": ("1", "2", "x", ""),
        "--places": ("0", "5", "13"),
        "--format": ("json", "md", "tex", "html", "toml", "terminal", "dvi"),
        "-o": ("out.md", "-", "", ".", "a\0b", "no/out.md"),
        "--count": ("2", "0"),
        "--level": ("easy", "esy"),
        "--topic": ("cnn", "cn"),
    }
    fitting = {
        "solve": ["--exact", "--places", "--format", "-o"],
        "generate": ["--seed", "--count", "--level", "--solution", "--places", "--format", "-o"],
        "show": [],
        "list": ["--topic"],
        "sovle": [],
    }
    command = draw(st.sampled_from(["solve", "solve", "generate", "generate", "show", "list", "sovle"]))
    operator = draw(st.sampled_from(operators()))
    strange = st.one_of(st.sampled_from(["", " ", "no.toml", ".", "problms"]), formulas(), st.text(max_size=10))
    usual = {
        "solve": st.sampled_from([operator, operator, "cnn-pipeline", "softmax-loss"]),
        "list": st.sampled_from(["problems", "operators", "exams"]),
    }.get(command, st.sampled_from([operator, "cnn", "cnn-pipeline", "lstm-forget-gate"]))
    what = draw(strange if draw(st.integers(0, 5)) == 0 else usual)
    given = draw(assignments(operator)) if command == "solve" and what == operator else []
    options: list[str] = []
    for name in draw(st.lists(st.sampled_from(fitting[command] or flags), max_size=3, unique=True)):
        options += [name, draw(st.sampled_from(valued[name]))] if name in valued else [name]
    if draw(st.integers(0, 5)) == 0:
        options += draw(st.lists(st.sampled_from([*flags, *valued]), max_size=2))
    return [command, what, *given, *options]
