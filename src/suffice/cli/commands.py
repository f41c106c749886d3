"""Commands as typer makes them, with plainer help and an answer to names that people guess."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from suffice.errors import InputError

ALIASES = {"analyze": "analyse"}
"""Other spellings, which work."""

GUESSES = {
    "check": "`suffice inspect FILE` lists the problems of a corpus",
    "validate": "`suffice inspect FILE` lists the problems of a corpus",
    "lint": "`suffice inspect FILE` lists the problems of a corpus",
    "stats": "`suffice inspect FILE` counts what a corpus holds",
    "info": "`suffice inspect FILE` counts what a corpus holds",
    "summary": "`suffice inspect FILE` counts what a corpus holds",
    "read": "`suffice inspect FILE` reads a corpus and summarises it",
    "fix": "`suffice inspect FILE --fix OUT` writes a corrected corpus",
    "train": "`suffice run FILE` studies a corpus; `suffice keep STUDY` trains the model to use",
    "start": "`suffice run FILE` studies a corpus",
    "study": "`suffice run FILE` studies a corpus",
    "resume": "`suffice run` with the same files and options continues a study",
    "continue": "`suffice run` with the same files and options continues a study",
    "evaluate": "`suffice advise STUDY` says how good the models of a study are; `suffice compare` "
    "shows two taggings side by side",
    "eval": "`suffice advise STUDY` says how good the models of a study are; `suffice compare` "
    "shows two taggings side by side",
    "predict": "`suffice tag MODEL FILE` applies a model to texts",
    "annotate": "`suffice tag MODEL FILE` applies a model to texts",
    "answer": "`suffice advise STUDY` answers from the runs that are finished",
    "progress": "`suffice status STUDY` shows a study's progress",
    "plot": "`suffice report STUDY` writes a page with all figures",
    "show": "`suffice report STUDY` writes a page with all figures",
    "iaa": "`suffice agreement A B` compares annotators",
    "kappa": "`suffice agreement A B` compares annotators",
    "curate": "`suffice reconcile A B` merges several annotators' spans into one gold corpus",
    "adjudicate": "`suffice reconcile A B` merges several annotators' spans into one gold corpus",
    "delete": "`suffice purge STUDY` deletes the files of a study that could reveal text",
    "clean": "`suffice purge STUDY` deletes the files of a study that could reveal text",
    "demo": "`suffice example FILE` writes the bundled corpus",
}
"""Names that people try, and what does what they seem to mean."""


def _without_types(parameters: list[Any]) -> list[Any]:
    """Leave out the type of flags, which help would show as ``<bool>``."""
    for parameter in parameters:
        if getattr(parameter, "is_flag", False):
            parameter.metavar = ""
    return parameters


def _path(ctx: Any) -> list[str]:
    """Return the names of the groups that lead to a command, but for suffice itself."""
    return [*_path(ctx.parent), ctx.info_name] if ctx.parent else []


class CliCommand(TyperCommand):
    """A command whose help shows no type for flags."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Return all parameters, that of ``--help`` included."""
        return _without_types(super().get_params(ctx))


class CliGroup(TyperGroup):
    """A group of commands that knows what people call them, too."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Return all parameters, that of ``--help`` included."""
        return _without_types(super().get_params(ctx))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command that is named, as click does.

        Raises
        ------
        InputError
            There is none of this name; the message says what may have been meant.
        """
        name, *rest = args
        if name in ALIASES and ALIASES[name] in self.commands:
            return super().resolve_command(ctx, [ALIASES[name], *rest])
        if name in self.commands or name.startswith("-"):
            return super().resolve_command(ctx, args)
        if name == "help":
            if rest and rest[0] in self.commands:
                return super().resolve_command(ctx, [rest[0], "--help"])
            typer.echo(ctx.get_help())
            raise typer.Exit
        if name == "version":
            from suffice import __version__

            typer.echo(__version__)
            raise typer.Exit
        known = sorted(self.commands)
        near = get_close_matches(name, known, n=1)
        meant = GUESSES.get(name) if "inspect" in known else None
        if meant is None and near:
            meant = f"did you mean `{' '.join(['suffice', *_path(ctx), near[0]])}`?"
        raise InputError(
            f"there is no command {name!r}", remedy=meant or f"choose one of {', '.join(known)}"
        )
