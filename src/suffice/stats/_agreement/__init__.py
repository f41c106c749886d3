"""How far raters agree: intraclass correlation, kappa, alpha, and intervals over documents.

Arrays only; what spans are made of, and which coefficient to report, is `suffice.quality.agreement`
and ``docs/agreement.md``. Everything undefined (one category only, no variance, one rater, no
overlap) is NaN with a caveat, never 0 or 1.
"""
