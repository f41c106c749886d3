"""How far raters agree: intraclass correlation, kappa, alpha, and intervals over documents.

Arrays only; what spans are made of, and which coefficient to report, is `suffice.quality.agreement`
and ``docs/agreement.md``. Everything undefined (one category only, no variance, one rater, no
overlap) is NaN with a caveat, never 0 or 1.
"""

from suffice.stats._agreement.alpha import Alpha, alpha_of, coincidences, krippendorff_alpha
from suffice.stats._agreement.bootstrap import Resampled, bootstrap
from suffice.stats._agreement.icc import FORMS, IntraclassCorrelation, IntraclassCorrelations, icc
from suffice.stats._agreement.kappa import (
    FleissKappa,
    Kappa,
    cohen_kappa,
    contingency,
    fleiss_kappa,
    kappa_of,
)

__all__ = [
    "FORMS",
    "Alpha",
    "FleissKappa",
    "IntraclassCorrelation",
    "IntraclassCorrelations",
    "Kappa",
    "Resampled",
    "alpha_of",
    "bootstrap",
    "cohen_kappa",
    "coincidences",
    "contingency",
    "fleiss_kappa",
    "icc",
    "kappa_of",
    "krippendorff_alpha",
]
