"""choose_model: which of several models meets the needs of an application best, and why the others do less well."""

from fullmarks.errors import FullmarksError
from fullmarks.operators._arguments import Argument, Words
from fullmarks.operators._models import INPUT_NEEDS, MODELS, NEEDS, Fit, sentence
from fullmarks.operators._operator import Discussion, Level, Numbers, Operator, Point

ARGUMENTS = (
    Argument("needs", Words(tuple(NEEDS)), "what the application asks for"),
    Argument("candidates", Words(tuple(MODELS)), "the models to choose from, at least two"),
)
FITS = {Fit.MEETS: "", Fit.PARTLY: ", in part", Fit.FAILS: ", a weakness"}


def check(needs: tuple[str, ...], candidates: tuple[str, ...]) -> None:
    """Check that there is a choice, and that nothing is named twice."""
    for name, words in (("needs", needs), ("candidates", candidates)):
        twice = [word for place, word in enumerate(words) if word in words[:place]]
        if twice:
            raise FullmarksError(f"choose_model: {name} has {twice[0]!r} twice")
    if len(candidates) == 1:
        raise FullmarksError(f"choose_model: candidates has only {candidates[0]!r}, expected at least two models")


def shortfall(candidate: str, needs: tuple[str, ...]) -> tuple[int, int, int]:
    """Rank a model, the best lowest: first kinds of input that it cannot take, then needs failed, then all it lacks.

    A model that meets every need in part goes before one that fails a need, whatever else it excels in.
    """
    fits = {need: MODELS[candidate].facts[need].fit or Fit.FAILS for need in needs}
    failed = [need for need, fit in fits.items() if fit is Fit.FAILS]
    return len([need for need in failed if need in INPUT_NEEDS]), len(failed), -sum(fits.values())


def discuss(needs: tuple[str, ...], candidates: tuple[str, ...]) -> Discussion:
    """Return the choice, a reason for each need, and for each other candidate what it lacks."""
    least = min(shortfall(candidate, needs) for candidate in candidates)
    chosen = [candidate for candidate in candidates if shortfall(candidate, needs) == least]
    points = [Point(verdict(chosen, needs))]
    points += [Point(words) for need in needs for words in reasons(chosen, need)]
    points += [Point(objection(candidate, needs)) for candidate in candidates if candidate not in chosen]
    one_choice_argued = 1 + len(needs) + len(candidates) - len(chosen)
    return Discussion(tuple(points), one_choice_argued)


def verdict(chosen: list[str], needs: tuple[str, ...]) -> str:
    """Name the model, or all those that do equally well."""
    titles = [MODELS[candidate].title for candidate in chosen]
    failed = [need for need in needs if MODELS[chosen[0]].facts[need].fit is Fit.FAILS]
    but = ", though no candidate meets every need" if failed else ""
    if len(titles) == 1:
        return sentence(f"{titles[0]} meets the needs best{but}")
    return sentence(
        f"{', '.join(titles[:-1])} and {titles[-1]} meet the needs equally well{but}, so each is a right choice if the "
        "reasons given fit it"
    )


def reasons(chosen: list[str], need: str) -> list[str]:
    """Say how the models chosen meet a need, each reason once, naming the models unless there is only one."""
    by_fact: dict[str, list[str]] = {}
    for candidate in chosen:
        fact = MODELS[candidate].facts[need]
        fit = FITS[fact.fit or Fit.FAILS]
        by_fact.setdefault(f"{NEEDS[need]}{fit}: it {fact.says}", []).append(MODELS[candidate].title)
    if len(chosen) == 1:
        return [sentence(said) for said in by_fact]
    return [sentence(f"{' or '.join(titles)}, {said}") for said, titles in by_fact.items()]


def objection(candidate: str, needs: tuple[str, ...]) -> str:
    """Say what a model that was not chosen lacks."""
    facts = [MODELS[candidate].facts[need] for need in needs]
    lacks = [f"it {fact.says}" for fact in facts if fact.fit is not Fit.MEETS]
    return sentence(f"{MODELS[candidate].title} is not the best choice, since {'; '.join(lacks)}")


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return needs that one of the candidates meets best."""
    cases = {
        "easy": [
            (["images", "attention"], ["vgg", "vit", "lstm"]),
            (["sequences", "streaming"], ["cnn", "lstm", "vit"]),
            (["images", "small_data"], ["cnn", "vit", "rnn"]),
            (["sequences", "memory"], ["mlp", "cnn", "lstm"]),
            (["images", "local_patterns"], ["mlp", "cnn", "rnn"]),
        ],
        "medium": [
            (["sequences", "long_range"], ["rnn", "lstm", "transformer"]),
            (["images", "low_memory"], ["cnn", "vgg", "vit"]),
            (["sequences", "parallel"], ["gru", "mlp", "transformer"]),
            (["images", "deep"], ["alexnet", "vgg", "resnet"]),
            (["sequences", "sequence_output", "large_data"], ["lstm", "vit", "transformer"]),
        ],
        "hard": [
            (["sequences", "low_memory", "streaming"], ["rnn", "lstm", "transformer", "cnn"]),
            (["images", "global_context", "parallel"], ["resnet", "vit", "gru", "mlp"]),
            (["images", "real_time", "low_memory"], ["cnn", "vgg", "resnet", "vit"]),
            (["images", "accuracy", "low_memory"], ["alexnet", "vgg", "resnet", "vit"]),
            (["images", "accuracy", "large_data"], ["cnn", "resnet", "vit", "lstm"]),
        ],
    }
    needs, candidates = numbers.choice(cases[level])
    return {"needs": needs, "candidates": candidates}


operator = Operator(
    arguments=ARGUMENTS,
    ask="An application needs {needs}. State which of the models {candidates} meets this best, and justify it briefly.",
    source="Krizhevsky et al. 2012; Simonyan and Zisserman 2015; He et al. 2016; Vaswani et al. 2017; "
    "Dosovitskiy et al. 2021; Hochreiter and Schmidhuber 1997; Cho et al. 2014",
    wording={**{name: model.title for name, model in MODELS.items()}, **NEEDS},
    check=check,
    discuss=discuss,
    sample=sample,
)
