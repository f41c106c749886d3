"""Any program as a learner: it reads files of documents and writes a file of predictions."""

from __future__ import annotations

import hashlib
import json
import shlex
import shutil
import tempfile
import weakref
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

from pydantic import Field, field_validator, model_validator

from suffice.corpus.document import Document, Span
from suffice.corpus.formats.jsonl import record_of
from suffice.errors import InputError
from suffice.learners.base import Learner, Tagger
from suffice.learners.options import Settings
from suffice.learners.programs.predictions import read
from suffice.learners.programs.running import run

_NEEDED = {
    "command": ("{train}", "{evaluate}", "{predictions}"),
    "train_command": ("{train}", "{model}"),
    "tag_command": ("{model}", "{documents}", "{predictions}"),
}


class CommandOptions(Settings):
    """Settings of the command learner: one command, or one to train and one to tag.

    A command is written as on a command line, or as a list of arguments; no shell reads it. What
    stands in braces is replaced: the files ``{train}``, ``{evaluate}`` or ``{documents}`` to read,
    ``{predictions}`` to write, the folder ``{model}``, the number ``{seed}``, and ``{labels}``,
    with commas between them.

    Parameters
    ----------
    command : str or list of str
        Trains on ``{train}`` and tags ``{evaluate}``.
    train_command, tag_command : str or list of str
        In place of `command`: the one trains and leaves what it likes in the folder ``{model}``,
        the other tags ``{documents}`` with it.
    timeout : float
        Seconds that a command may take; then it is killed with all that it started.
    """

    command: tuple[str, ...] = ()
    train_command: tuple[str, ...] = ()
    tag_command: tuple[str, ...] = ()
    timeout: float = Field(3600.0, gt=0)

    @field_validator("command", "train_command", "tag_command", mode="before")
    @classmethod
    def _arguments(cls, value: Any) -> Any:
        return shlex.split(value) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _complete(self) -> CommandOptions:
        given = {name for name in _NEEDED if getattr(self, name)}
        if given not in ({"command"}, {"train_command", "tag_command"}):
            raise ValueError("give either command, or train_command and tag_command")
        for name in given:
            text = " ".join(getattr(self, name))
            missing = [place for place in _NEEDED[name] if place not in text]
            if missing:
                raise ValueError(f"{name} lacks {', '.join(missing)}")
        return self


class CommandTagger(Tagger):
    """Runs a command over documents.

    Parameters
    ----------
    command : sequence of str
        With ``{documents}`` and ``{predictions}`` to be filled in.
    labels : sequence of str
        Labels that it may predict.
    timeout : float
        The timeout, in seconds.
    scratch : Path, optional
        Where its files lie while it runs; the system's place for such files unless given.
    places : mapping
        What else is filled in.
    training : sequence of Document, optional
        Written to ``{train}``, where the command trains too.
    """

    def __init__(
        self,
        command: Sequence[str],
        labels: Sequence[str],
        timeout: float,
        scratch: Path | None,
        places: Mapping[str, str],
        training: Sequence[Document] | None = None,
    ) -> None:
        self._command = tuple(command)
        self._labels = tuple(labels)
        self._timeout = timeout
        self._scratch = scratch
        self._places = dict(places)
        self._training = training

    def tag(self, documents: Sequence[Document]) -> list[list[Span]]:
        """Run the command and read what it predicts.

        Raises
        ------
        InputError
            It fails, takes too long, or its predictions cannot be used.
        """
        if not documents:
            return []
        with _private_folder(self._scratch) as folder:
            places = {**self._places, "predictions": str(folder / "predictions.jsonl")}
            bare = [replace(document, spans=()) for document in documents]
            places["documents"] = _write(folder / "documents.jsonl", bare, spans=False)
            places["evaluate"] = places["documents"]
            if self._training is not None:
                places["train"] = _write(folder / "train.jsonl", self._training)
            run(_filled(self._command, places), self._timeout)
            return read(Path(places["predictions"]), documents, self._labels)


class Command(Learner):
    """Any program that learns from one file and tags another.

    Parameters
    ----------
    options : mapping
        See `CommandOptions`.
    """

    name: ClassVar[str] = "command"

    def __init__(self, options: Mapping[str, Any] | None = None) -> None:
        self.options = CommandOptions.parse(self.name, options)
        self._scratch: Path | None = None

    @property
    def _commands(self) -> tuple[tuple[str, ...], ...]:
        o = self.options
        return (o.command,) if o.command else (o.train_command, o.tag_command)

    @property
    def config(self) -> Mapping[str, Any]:
        """Return the commands and a hash of each file that they name.

        A program that is changed gives new runs; what it loads by itself is not seen.
        """
        files = {}
        for argument in (argument for command in self._commands for argument in command):
            found = shutil.which(argument) or argument
            if Path(found).is_file():
                with Path(found).open("rb") as stream:
                    files[argument] = hashlib.file_digest(stream, "sha256").hexdigest()
        return {
            "learner": self.name,
            "code": 1,
            "options": self.options.model_dump(mode="json", exclude_defaults=True),
            "files": files,
        }

    def prepare(self, documents: Sequence[Document], cache: Path) -> None:
        """Note where files of documents may lie: with what `suffice purge` deletes."""
        self._scratch = cache / "command"
        self._scratch.mkdir(mode=0o700, parents=True, exist_ok=True)

    def caveats(self, documents: Sequence[Document]) -> tuple[str, ...]:
        """Say where the program is not told the seed."""
        if any("{seed}" in argument for argument in self._commands[0]):
            return ()
        return (
            "the command does not receive the seed ({seed}): whether runs on one training set "
            "differ, and whether a study can be repeated, depends on the program",
        )

    def train(self, documents: Sequence[Document], labels: Sequence[str], seed: int) -> Tagger:
        """Run the training command; with a single command nothing is done until it tags.

        Raises
        ------
        InputError
            The command fails, or takes too long.
        """
        o = self.options
        places = {"seed": str(seed), "labels": _joined(labels, self._commands)}
        training = [replace(d, annotators={}, annotator_labels={}) for d in documents]
        if o.command:
            return CommandTagger(o.command, labels, o.timeout, self._scratch, places, training)
        places["model"] = tempfile.mkdtemp(prefix="model-", dir=self._scratch)
        tagger = CommandTagger(o.tag_command, labels, o.timeout, self._scratch, places)
        delete = weakref.finalize(tagger, shutil.rmtree, places["model"], ignore_errors=True)
        with _private_folder(self._scratch) as beside:
            train = _write(beside / "train.jsonl", training)
            try:
                run(_filled(o.train_command, {**places, "train": train}), o.timeout)
            except InputError:
                delete()
                raise
        return tagger

    def cost(self, sentences: float, tokens: float) -> float:
        """Return a rough number of seconds; the study learns from its runs what it is."""
        return 10.0 + 0.01 * tokens


@contextmanager
def _private_folder(scratch: Path | None) -> Iterator[Path]:
    """Make a folder that only this user can read, and delete it afterwards."""
    with tempfile.TemporaryDirectory(prefix="run-", dir=scratch) as folder:
        yield Path(folder)


def _write(path: Path, documents: Sequence[Document], *, spans: bool = True) -> str:
    with path.open("w", encoding="utf-8", errors="surrogatepass", newline="\n") as out:
        for document in documents:
            record = record_of(document)
            if not spans:
                del record["spans"]
            out.write(json.dumps(record) + "\n")
    return str(path)


def _joined(labels: Sequence[str], commands: Sequence[Sequence[str]]) -> str:
    asked = any("{labels}" in argument for command in commands for argument in command)
    if asked and any("," in label for label in labels):
        raise InputError(
            "a label has a comma in it, so that {labels} would be misread",
            remedy="rename it with `labels`, or let the program find labels in {train}",
        )
    return ",".join(labels)


def _filled(command: Sequence[str], places: Mapping[str, str]) -> list[str]:
    arguments = []
    for argument in command:
        for name, value in places.items():
            argument = argument.replace(f"{{{name}}}", value)
        arguments.append(argument)
    return arguments
