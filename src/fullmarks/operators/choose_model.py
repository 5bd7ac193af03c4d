"""choose_model: which of several models meets the needs of an application best, and why the others do less well."""

from fullmarks.errors import FullmarksError
from fullmarks.operators._arguments import Argument, Words
from fullmarks.operators._models import MODELS, NEEDS, Fit
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


def score(candidate: str, needs: tuple[str, ...]) -> int:
    """Add up how well a model meets the needs: two for each that it meets, one for each that it meets in part."""
    return sum(MODELS[candidate].facts[need].fit for need in needs)


def discuss(needs: tuple[str, ...], candidates: tuple[str, ...]) -> Discussion:
    """Return the choice, a reason for each need, and for each other candidate what it lacks."""
    most = max(score(candidate, needs) for candidate in candidates)
    chosen = [candidate for candidate in candidates if score(candidate, needs) == most]
    points = [Point(verdict(chosen))]
    points += [Point(reason(candidate, need, alone=len(chosen) == 1)) for candidate in chosen for need in needs]
    points += [Point(objection(candidate, needs)) for candidate in candidates if candidate not in chosen]
    one_choice_argued = 1 + len(needs) + len(candidates) - len(chosen)
    return Discussion(tuple(points), one_choice_argued)


def verdict(chosen: list[str]) -> str:
    """Name the model, or all those that do equally well."""
    titles = [MODELS[candidate].title for candidate in chosen]
    if len(titles) == 1:
        return sentence(f"{titles[0]} meets the needs best")
    return sentence(
        f"{', '.join(titles[:-1])} and {titles[-1]} meet the needs equally well, so each is a right choice if the "
        "reasons given fit it"
    )


def reason(candidate: str, need: str, *, alone: bool) -> str:
    """Say how a model chosen meets a need, naming it unless it is the only one; a weakness is owned up to."""
    model = MODELS[candidate]
    fact = model.facts[need]
    subject = "" if alone else f"{model.title}, "
    return sentence(f"{subject}{NEEDS[need]}{FITS[fact.fit]}: {fact.why}")


def objection(candidate: str, needs: tuple[str, ...]) -> str:
    """Say what a model that was not chosen lacks."""
    facts = [MODELS[candidate].facts[need] for need in needs]
    lacks = [fact.why for fact in facts if fact.fit is not Fit.MEETS]
    return sentence(f"{MODELS[candidate].title} is not the best choice, since {'; '.join(lacks)}")


def sentence(words: str) -> str:
    """Begin with a capital letter, end with a full stop."""
    return f"{words[0].upper()}{words[1:]}."


def sample(level: Level, numbers: Numbers) -> dict[str, object]:
    """Return needs that one of the candidates meets best."""
    cases = {
        "easy": [
            (["images", "attention"], ["vgg", "vit", "lstm"]),
            (["sequences", "streaming"], ["cnn", "lstm", "vit"]),
            (["images", "small_data"], ["cnn", "vit", "rnn"]),
        ],
        "medium": [
            (["sequences", "long_range"], ["rnn", "lstm", "transformer"]),
            (["images", "low_memory"], ["cnn", "vgg", "vit"]),
            (["sequences", "parallel"], ["gru", "mlp", "transformer"]),
        ],
        "hard": [
            (["sequences", "low_memory", "streaming"], ["rnn", "lstm", "transformer", "cnn"]),
            (["images", "global_context", "parallel"], ["resnet", "vit", "gru", "mlp"]),
            (["images", "real_time", "low_memory"], ["cnn", "vgg", "resnet", "vit"]),
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
