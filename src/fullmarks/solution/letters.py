"""Letters in a solution: every line is worked in letters first, and tried out with numbers before anything is printed.

Shapes and choices are found with shadow numbers. An answer that holds for these alone, because a choice hung on them,
disagrees with plain NumPy for some other numbers, and is refused.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
from msgspec.structs import replace

from fullmarks.errors import FullmarksError
from fullmarks.math.exact_forms import keep_short_forms
from fullmarks.math.expression import Array, Expr, Let, entry, is_named
from fullmarks.math.history import has_letters, lines
from fullmarks.math.letters import (
    TRIALS,
    Trial,
    Undecided,
    in_order,
    letters_in,
    listed,
    numbers_for,
    ranked,
    shadows,
    with_numbers,
)
from fullmarks.math.number_arrays import as_floats
from fullmarks.math.operations import Function
from fullmarks.math.symbolic import value_at
from fullmarks.operators import operator_names
from fullmarks.problem.model import Instance
from fullmarks.problem.syntax import Call, names_in
from fullmarks.solution.agreement import refuse_disagreement, refuse_infinite
from fullmarks.solution.walk import Worked, evaluate_instance, work

LARGEST_LINE = 1000  # entries of one line; in letters nobody reads more
_AGREEMENT = 1e-9
_AGREEMENT_OF_HUGE = 1e-6  # where huge numbers are put in, sums cancel
_EULER = "e"


def worked_in_letters(instance: Instance, ranks: Mapping[str, int]) -> tuple[Instance, Worked]:
    """Work an instance with letters; return it with its letters ranked, and what was worked.

    Raises ``FullmarksError`` where letters have no meaning, or where the answer hangs on their values.
    """
    instance = replace(instance, values={name: ranked(value, ranks) for name, value in instance.values.items()})
    worked = _worked(instance)
    evaluated = evaluate_instance(instance.values, instance.problem.where)
    refuse_infinite(evaluated)
    refuse_disagreement(instance, worked, evaluated)
    _refuse_untrue(instance, worked)
    _refuse_discussed(instance, worked)
    return instance, worked


def _worked(instance: Instance) -> Worked:
    """Work every line in letters, before any number is looked at: so no refusal speaks of the shadow numbers."""
    names = _names(instance)
    try:
        worked = work(instance)
    except FullmarksError as reason:
        if isinstance(reason, Undecided) or isinstance(reason.__cause__, Undecided):
            raise  # it speaks of the letters themselves
        raise FullmarksError(_without_shadows(str(reason), instance)) from None
    for name, value in instance.values.items():
        given = worked.quantities[name]
        if isinstance(given, Expr) and next(letters_in(value), None) is not None:
            _refuse_large(name, given)
    for subject, line in _all_lines(worked):
        _refuse_large(subject, line)
        if _EULER in names and _has_exponential(line.arguments[0]):
            raise FullmarksError(f"{subject}: the letter e would stand beside the number e; choose another letter")
        _work_entries(subject, line)
    return worked


def _refuse_large(subject: str, array: Expr) -> None:
    if array.size > LARGEST_LINE:
        raise FullmarksError(
            f"{subject}: {array.size:,} entries are too many to be worked with letters, at most {LARGEST_LINE:,}; "
            "give numbers"
        )


def _names(instance: Instance) -> dict[str, int]:
    return in_order(instance.values)


def _all_lines(worked: Worked) -> Iterator[tuple[str, Expr]]:
    """Yield every line with what a message calls its step."""
    seen: dict[int, Expr] = {}
    for step in worked.steps:
        for line in lines(step.result, seen):
            seen[id(line)] = line
            yield step.operator.name if step.operator is not None else step.name, line


def _has_exponential(body: Expr) -> bool:
    if is_named(body):
        return False
    if isinstance(body.operation, Function) and body.operation.name in ("exp", "sigmoid"):
        return True
    return any(_has_exponential(argument) for argument in body.arguments)


def _work_entries(subject: str, line: Expr) -> None:
    """Work every entry now, so that what cannot be worked in letters is refused by the name of its step."""
    try:
        keep_short_forms(line)
    except FullmarksError as reason:
        raise FullmarksError(f"{subject}: {reason}") from None
    except ZeroDivisionError:
        raise FullmarksError(f"{subject}: divides by zero, whatever the letters are") from None


def _without_shadows(message: str, instance: Instance) -> str:
    """Return a refusal that is the same whatever the letters are; else say that it hangs on them."""
    for trial in TRIALS:
        try:
            work(numbered(instance, trial))
            break
        except FullmarksError as other:
            if str(other) != message:
                break
    else:
        return message
    subject = message.partition(":")[0]
    known = subject in operator_names() or subject in instance.problem.where
    names = _names(instance)
    return (
        f"{subject if known else instance.problem.id}: whether it takes these values depends on {listed(names)}; "
        f"give {numbers_for(names)}"
    )


def _refuse_discussed(instance: Instance, worked: Worked) -> None:
    """Refuse to discuss letters: what is to be said depends on the numbers."""
    discussed = [part.discuss for part in instance.problem.parts if isinstance(part.discuss, Call)]
    for call in discussed:
        for name in names_in(call):
            value = worked.quantities.get(name)
            if isinstance(value, Expr) and has_letters(value):
                raise FullmarksError(f"{call.operator}: {name} has letters, but a discussion argues from numbers")


def numbered(instance: Instance, trial: Trial) -> Instance:
    """Return the instance with numbers in the places of its letters."""
    return replace(instance, values={name: with_numbers(value, trial) for name, value in instance.values.items()})


def _refuse_untrue(instance: Instance, worked: Worked) -> None:
    """Raise ``FullmarksError`` where an answer in letters does not give what plain NumPy gives for some numbers."""
    names = _names(instance)
    stood_for = shadows(names)
    for subject, line in _all_lines(worked):
        if _agreement(line, line.value, stood_for, _AGREEMENT) is False:
            raise FullmarksError(_hangs_on(subject, names))
    verdicts = [_tried(instance, worked, trial) for trial in TRIALS]
    if not any(verdicts):
        raise FullmarksError(f"{instance.problem.id}: no numbers were found for {listed(names)} with which it works")


def _tried(instance: Instance, worked: Worked, trial: Trial) -> bool:
    """Tell whether numbers could be put in; raises ``FullmarksError`` where they lead elsewhere than the letters."""
    names = _names(instance)
    numbers = {name: float(trial.of(name)) for name in names}
    plain = numbered(instance, trial)
    try:
        evaluated = evaluate_instance(plain.values, instance.problem.where)
        again = work(plain)
    except FullmarksError:
        return False
    arrays = {name: as_floats(value) for name, value in evaluated.items() if isinstance(value, np.ndarray)}
    if not all(np.isfinite(array).all() for array in arrays.values()):
        return False
    huge = trial.key == "huge"
    for name, value in worked.quantities.items():
        if isinstance(value, Expr):
            agreed = _agreement(value, arrays[name], numbers, _AGREEMENT_OF_HUGE if huge else _AGREEMENT)
            if agreed is None:
                return False
            if not agreed:
                raise FullmarksError(_hangs_on(name, names))
    if not huge:
        _refuse_other_words(worked, again, names)
    return True


def _agreement(value: Expr, expected: Array, numbers: Mapping[str, float], tolerance: float) -> bool | None:
    """Tell whether numbers put into every entry give the array; nothing where some entry has no value for them."""
    if value.shape != expected.shape:
        return False
    scale = max(1.0, float(np.abs(expected[np.isfinite(expected)]).max(initial=0)))
    for index in np.ndindex(value.shape):
        found = value_at(entry(value, index).number, numbers)
        if math.isnan(found):
            return None
        if found != expected[index] and not abs(found - expected[index]) <= tolerance * scale:
            return False
    return True


def _hangs_on(subject: str, names: Mapping[str, int]) -> str:
    return (
        f"{subject}: its answer in letters would hold for some values of {listed(names)} only "
        f"(it depends on a sign, or on which number is larger); give {numbers_for(names)}"
    )


def _refuse_other_words(worked: Worked, again: Worked, names: Mapping[str, int]) -> None:
    """Refuse working whose words are others for other numbers: they speak of the shadows."""
    for (subject, line), (_, other) in zip(_all_lines(worked), _all_lines(again), strict=False):
        one, two = line.operation, other.operation
        if isinstance(one, Let) and isinstance(two, Let) and one.name == two.name and one.reason != two.reason:
            raise FullmarksError(_hangs_on(subject, names))


def holds_with_numbers(instance: Instance, answer: Expr, work_again: Callable[[Instance], Any]) -> bool:
    """Tell whether a wrong answer in letters is the one that the same mistake leads to with numbers put in."""
    compared = 0
    for trial in TRIALS:
        if trial.key == "huge":
            continue
        numbers = {name: float(trial.of(name)) for name in _names(instance)}
        try:
            expected = work_again(numbered(instance, trial))
            agreed = None
            if isinstance(expected, Expr) and np.isfinite(expected.value).all():
                agreed = _agreement(answer, expected.value, numbers, _AGREEMENT)
        except (FullmarksError, ValueError, IndexError, ZeroDivisionError):
            continue
        if agreed is False:
            return False
        compared += agreed is True
    return compared > 0
