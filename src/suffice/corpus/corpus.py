"""A corpus: an ordered, immutable set of documents with unique ids."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from suffice.corpus.document import Document, Span
from suffice.corpus.origin import Origin
from suffice.errors import CorpusError
from suffice.wording.numbers import counted


@dataclass(frozen=True)
class Corpus:
    """An ordered set of documents with unique ids.

    Parameters
    ----------
    documents : tuple of Document
        The documents, in the order of the files.
    name : str
        A short name for reports; usually the stem of the file.
    problems : tuple of CorpusError
        Records that lenient reading left out, each with its place and reason.
    notes : tuple of str
        What reading did that is no error, with counts: records that an annotator rejected, tags
        that broke their scheme. No document text.
    origins : mapping of str to Origin
        By document id, the file and line of documents that the file gives no id, and of
        those in files with a line for each word.
    """

    documents: tuple[Document, ...]
    name: str = "corpus"
    problems: tuple[CorpusError, ...] = ()
    notes: tuple[str, ...] = ()
    origins: Mapping[str, Origin] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        seen: set[str] = set()
        for document in self.documents:
            if document.id in seen:
                raise CorpusError(
                    f"two documents have the id {document.id!r}",
                    remedy="give every document an id of its own",
                )
            seen.add(document.id)

    def __repr__(self) -> str:
        # Shown by notebooks, debuggers and tracebacks, so without the text.
        spans = sum(len(d.spans) for d in self.documents)
        return (
            f"<Corpus {self.name!r}: {counted(len(self), 'document')}, {counted(spans, 'span')}, "
            f"{counted(len(self.labels), 'label')}>"
        )

    def __len__(self) -> int:
        return len(self.documents)

    def __iter__(self) -> Iterator[Document]:
        return iter(self.documents)

    @property
    def synthetic(self) -> bool:
        """Return whether any of the text is made up, so that every verdict can say so."""
        return any(d.synthetic for d in self.documents)

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """Return every label in use, sorted."""
        return tuple(sorted({s.label for d in self.documents for s in d.spans}))

    def select(self, ids: Iterable[str]) -> Corpus:
        """Return the corpus of the documents with these ids, in this corpus's order."""
        wanted = set(ids)
        return replace(self, documents=tuple(d for d in self.documents if d.id in wanted))

    def with_labels(self, rename: Callable[[str], str | None]) -> Corpus:
        """Return the corpus with every label renamed; spans whose new label is None are left out.

        Parameters
        ----------
        rename : callable
            Takes a label, returns its new name or None.

        Returns
        -------
        Corpus
            Spans that become equal by merging labels are kept once.
        """
        return replace(
            self,
            documents=tuple(
                replace(
                    d,
                    spans=_renamed(d.spans, rename),
                    annotators={a: _renamed(s, rename) for a, s in d.annotators.items()},
                    annotator_labels=_asked(d.annotator_labels, rename),
                )
                for d in self.documents
            ),
        )

    def with_sentences(self, splitter: str) -> Corpus:
        """Return the corpus with every document's sentences found by a splitter.

        Parameters
        ----------
        splitter : str
            See `suffice.corpus.sentences.sentences`; ``"auto"`` leaves all as it is.

        Returns
        -------
        Corpus
            Whose documents carry their sentences, so that all that counts sentences or cuts
            documents at them follows.

        Raises
        ------
        InputError
            There is no splitter of this name, or its library is not installed.
        CorpusError
            The file's own sentences are wanted, and a document has none.
        """
        if splitter == "auto":
            return self
        from suffice.corpus.sentences import sentences

        return replace(
            self,
            documents=tuple(replace(d, sentences=sentences(d, splitter)) for d in self.documents),
        )


def _asked(
    asked: Mapping[str, tuple[str, ...]], rename: Callable[[str], str | None]
) -> dict[str, tuple[str, ...]]:
    return {
        a: tuple(sorted({new for old in labels if (new := rename(old)) is not None}))
        for a, labels in asked.items()
    }


def _renamed(spans: Sequence[Span], rename: Callable[[str], str | None]) -> tuple[Span, ...]:
    kept = {Span(s.start, s.end, new) for s in spans if (new := rename(s.label)) is not None}
    return tuple(sorted(kept))
