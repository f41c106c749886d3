"""The public names of `suffice`, which are imported when they are first used."""

from . import stats as stats
from .advice.advise import advise as advise
from .advice.result import Advice as Advice
from .analysis.analyse import analyse as analyse
from .analysis.result import Analysis as Analysis
from .api.make import create_study as create_study
from .api.make import load_study as load_study
from .api.study import Study as Study
from .corpus.check import inspect as inspect
from .corpus.corpus import Corpus as Corpus
from .corpus.document import Document as Document
from .corpus.document import Span as Span
from .corpus.examples import load_example as load_example
from .corpus.read import read as read
from .corpus.write import write as write
from .errors import CorpusError as CorpusError
from .errors import InputError as InputError
from .errors import StudyError as StudyError
from .errors import TooSmallError as TooSmallError
from .quality.agreement import agreement as agreement
from .quality.reconcile import reconcile as reconcile
from .study.finished import FinishedRun as FinishedRun
from .study.runner import run as run
from .study.spec import StudySpec as StudySpec

__version__: str
