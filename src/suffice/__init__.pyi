"""The public names of `suffice`, which are imported when they are first used."""

from suffice import stats as stats
from suffice.advice.advise import advise as advise
from suffice.advice.result import Advice as Advice
from suffice.analysis.analyse import analyse as analyse
from suffice.analysis.result import Analysis as Analysis
from suffice.api.make import create_study as create_study
from suffice.api.make import load_study as load_study
from suffice.api.study import Study as Study
from suffice.corpus.check import inspect as inspect
from suffice.corpus.corpus import Corpus as Corpus
from suffice.corpus.document import Document as Document
from suffice.corpus.document import Span as Span
from suffice.corpus.examples import load as load_example
from suffice.corpus.read import read as read
from suffice.corpus.write import write as write
from suffice.errors import CorpusError as CorpusError
from suffice.errors import InputError as InputError
from suffice.errors import StudyError as StudyError
from suffice.errors import TooSmallError as TooSmallError
from suffice.quality.agreement import agreement as agreement
from suffice.quality.reconcile import reconcile as reconcile
from suffice.study.finished import FinishedRun as FinishedRun
from suffice.study.runner import run as run
from suffice.study.spec import StudySpec as StudySpec

__version__: str
