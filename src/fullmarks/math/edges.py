"""What a piece of notation begins and ends with: whether it may stand beside another without a sign between."""

from fullmarks.math.notation import Fence, Matrix, Node, Number, Row, Script, Sign, Text


def begins_with_minus(node: Node) -> bool:
    """Tell whether a minus sign comes first, which may not follow another sign."""
    match node:
        case Row(items=(first, *_)):
            return begins_with_minus(first)
        case Number(text=text):
            return text.startswith("-")
        case _:
            return node == Sign("−")


def begins_with_number(node: Node) -> bool:
    """Tell whether a number comes first, which would run into one before it."""
    match node:
        case Row(items=(first, *_)):
            return begins_with_number(first)
        case _:
            return isinstance(node, Number)


def is_word(node: Node) -> bool:
    """Tell whether a factor is, or ends or begins with, a word, which would run into its neighbour."""
    match node:
        case Row(items=(first, *_, last)):
            return is_word(first) or is_word(last)
        case Row(items=(only,)) | Script(base=only):
            return is_word(only)
        case _:
            return isinstance(node, Text)


def has_matrix(node: Node) -> bool:
    """Return whether a factor is a matrix, or a formula of matrices in brackets: no × stands beside it."""
    match node:
        case Matrix():
            return True
        case Fence(body=Row(items=items)):
            return any(has_matrix(item) for item in items)
        case _:
            return False
