"""What a target shows of its ``ssl`` module, held against the sentences about it."""

from harness.books import Books
from harness.compare import flag_of
from harness.finding import Conforms, Diverges, Finding, How, Ledgered, NotShown
from harness.ledger.entries import ledger_entry
from harness.oracle.documents.sentence import HOLDS
from harness.oracle.documents.surface import judge_surface
from harness.surface import Surface
from harness.target.session import Session, TargetError


def examine_surface(
    session: Session, books: Books, *, trusted: bytes, crl: bytes
) -> tuple[tuple[str, str, Finding], ...]:
    """Judge what the target shows of itself: (sentence, side, finding) per sentence.

    A target that is not asked through ``ssl`` shows nothing of it.
    """
    if not books.through_ssl:
        return _hidden(books, "the module ssl of a target that is not asked through it")
    try:
        surface = session.surface(trusted, crl)
    except TargetError as error:
        if books.predicts:
            raise
        told = str(error).rstrip().rpartition("\n")[2]
        return _hidden(books, f"the surface of a drop-in: {told}")
    return judge(surface, books)


def _hidden(books: Books, why: str) -> tuple[tuple[str, str, Finding], ...]:
    named = [item.id for item in books.sentences if HOLDS in item.sides]
    return tuple((sentence, HOLDS, NotShown(why)) for sentence in named)


def judge(surface: Surface, books: Books) -> tuple[tuple[str, str, Finding], ...]:
    """Hold a surface against the sentences about it."""
    found: list[tuple[str, str, Finding]] = []
    for answer in judge_surface(surface, books.python):
        finding: Finding
        if answer.held:
            finding = Conforms((answer.sentence,))
        else:
            known = None
            if books.predicts:
                known = ledger_entry((answer.sentence,), How.SURFACE, None)
            if known is not None:
                finding = Ledgered(known[0].id, answer.sentence, How.SURFACE)
            else:
                finding = Diverges(
                    answer.sentence,
                    How.SURFACE,
                    "",
                    answer.expected,
                    answer.observed,
                    flag_of(answer.sentence),
                )
        found.append((answer.sentence, "holds", finding))
    return tuple(found)
