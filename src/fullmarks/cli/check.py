"""``fullmarks check``: whether a problem or a blueprint may be set, by drawing it many times."""

from typing import TYPE_CHECKING, Annotated

import typer

from fullmarks.characters import with_escapes
from fullmarks.cli.completion import complete_anything

if TYPE_CHECKING:
    from fullmarks.exam.checking import Report, Variety
    from fullmarks.exam.checking_papers import BlueprintReport
    from fullmarks.exam.choosing import Source

What = Annotated[
    str,
    typer.Argument(
        metavar="PROBLEM|BLUEPRINT",
        help="A bank id, a problem file, an operator (its own samples), or a blueprint.",
        autocompletion=complete_anything,
    ),
]
DrawsOption = Annotated[int, typer.Option("--draws", "-n", metavar="N", min=1, max=10**7, help="How many draws.")]


def check(problem: What, draws: DrawsOption = 200) -> None:
    """Draw a problem, or all problems of a blueprint, many times, and look for what would spoil an exam.

    Example: fullmarks check cnn-pipeline
    """
    from fullmarks.cli.progress import progress
    from fullmarks.errors import FullmarksError
    from fullmarks.exam.checking import check_source

    if is_blueprint(problem):
        from fullmarks.exam.blueprint import load_blueprint
        from fullmarks.exam.checking_papers import PAPERS, check_blueprint, sources_of

        steps = sum(draws if source.varies else 1 for source in sources_of(load_blueprint(problem))) + PAPERS
        with progress(f"check {problem}", steps, in_lines=True) as advance:
            whole = check_blueprint(problem, draws, advance)
        lines, faults = _blueprint_lines(whole), _all_faults(whole)
    else:
        sources = _sources(problem)
        with progress(f"check {problem}", draws * len(sources), in_lines=True) as advance:
            reports = [check_source(source, draws, advance) for source in sources]
        lines = [line for report in reports for line in (*_lines(report), "")][:-1]
        faults = [f"{_name(report.source)}: {fault}" for report in reports for fault in report.faults]
    typer.echo("\n".join(lines))
    if faults:
        raise FullmarksError("\n  ".join([f"{problem}: is not fit to be set", *faults]))


def is_blueprint(what: str) -> bool:
    """Tell whether ``what`` names a blueprint: its id, or a file that has questions."""
    from pathlib import Path

    from fullmarks.operators import operator_names
    from fullmarks.problem.bank import bank_files, blueprint_files
    from fullmarks.problem.files import LARGEST_PROBLEM, read_text
    from fullmarks.problem.loading import is_file
    from fullmarks.problem.reading import read_toml

    if what in bank_files() or what in blueprint_files():
        return what in blueprint_files()
    named = what.endswith(".toml") or (what not in operator_names() and is_file(what))
    return named and "question" in read_toml(read_text(Path(what), LARGEST_PROBLEM), what)


def _sources(what: str) -> "list[Source]":
    from fullmarks.exam.choosing import LEVELS, find_source
    from fullmarks.operators import operator_names

    if what in operator_names():
        return [find_source(what, level, topics_too=False) for level in LEVELS]
    return [find_source(what, topics_too=False)]


def _name(source: "Source") -> str:
    name = with_escapes(source.name)
    return f"{name}, {source.level}" if source.level else name


def _lines(report: "Report") -> list[str]:
    from fullmarks.exam.checking import MOST_REFUSED

    lines = [_name(report.source)]
    if not report.source.varies:
        lines.append("  no given has a draw = { … }: every paper has the printed numbers")
    elif report.draws:
        drawn = "1 draw" if report.draws == 1 else f"{report.draws:,} draws"
        lines += [
            f"  {drawn} (seeds from 1), worked on both routes and composed with their schemes",
            f"  {report.refused:.0%} of the attempts refused by conditions (at most {MOST_REFUSED:.0%})",
        ]
        lines += [f"  {one.part}, {one.asks_for}: {_variety(one)}" for one in report.varieties]
    else:
        lines.append("  no draw could be worked")
    return [*lines, f"  {_verdict(len(report.faults))}"]


def _variety(one: "Variety") -> str:
    if not one.drawn:
        return "always the same, because nothing it depends on is drawn"
    answers = f"{one.answers:,} different answer{'s' if one.answers > 1 else ''}"
    return f"{answers}, the most frequent in {one.most_frequent:.1%} of the draws: {one.answer} (seed {one.seed})"


def _verdict(faults: int) -> str:
    return "fit to be set" if faults == 0 else f"faults: {faults}"


def _blueprint_lines(whole: "BlueprintReport") -> list[str]:
    asked = len(whole.blueprint.questions)
    lines = [f"{whole.blueprint.title}: {asked} question{'s' if asked > 1 else ''}"]
    width = max(len(_name(report.source)) for report in whole.problems)
    for report in whole.problems:
        found = _shortest(report) if report.source.varies else "the printed numbers in every paper"
        lines.append(f"  {_name(report.source).ljust(width)}  {found}: {_verdict(len(report.faults))}")
    totals = " or ".join(map(str, whole.totals)) or "no"
    lines.append(f"  {whole.papers} papers (seeds from 1): {totals} marks, {_verdict(len(whole.faults))}")
    return lines


def _shortest(report: "Report") -> str:
    if not report.draws:
        return "no draw could be worked"
    found = f"{report.draws:,} draw{'s' if report.draws > 1 else ''}, {report.refused:.0%} refused"
    drawn = [one for one in report.varieties if one.drawn]
    if not drawn:
        return found
    most = max(drawn, key=lambda one: one.most_frequent)
    return f"{found}, most frequent answer {most.most_frequent:.1%} ({most.asks_for}: {most.answer}, seed {most.seed})"


def _all_faults(whole: "BlueprintReport") -> list[str]:
    of_problems = [f"{_name(report.source)}: {fault}" for report in whole.problems for fault in report.faults]
    return [*of_problems, *whole.faults]
