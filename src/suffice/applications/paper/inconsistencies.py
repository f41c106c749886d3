"""What does not add up in the paper, as data: what is printed, and why it cannot hold."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Inconsistency:
    """One of them.

    Parameters
    ----------
    id : str
        Short name.
    where : str
        Where it is printed.
    printed : str
    why : str
        Why it cannot hold, or what it rests on.
    test : str
        What is computed on the user's data; empty where data cannot say anything.
    """

    id: str
    where: str
    printed: str
    why: str
    test: str = ""


INCONSISTENCIES = (
    Inconsistency(
        "hinge form",
        "Methods; Table 4",
        "Thresholds of sentences from η = α₁ + α₂ᵀz + β₁(x − e)₊, read as diminishing returns.",
        "This form is flat up to e and slopes beyond it. Diminishing returns are its mirror image "
        "(slope, then flat) or two slopes; which form was fitted is not known.",
        "all four forms fitted to the same runs",
    ),
    Inconsistency(
        "range",
        "Table 4; Conclusions",
        "439 to 527 sentences suffice.",
        "A threshold model finds a threshold on a smooth curve too, and it moves with the largest "
        "sample studied: on a pure power law it is a third to a half of it. 439 to 527 are 43 to "
        "51 % of the paper's 1,031.",
        "the threshold re-estimated with the largest training sets left out",
    ),
    Inconsistency(
        "EPS threshold",
        "Table 4; Discussion",
        "F1 falls beyond 1.36 to 1.38 entities per sentence.",
        "It sits at the mean EPS of the training sets (1.34). The same appears where F1 depends on "
        "sentences alone: small samples scatter in EPS and score low, so both ends of EPS are made "
        "of small samples.",
        "EPS given sentences, and the threshold simulated without any effect of EPS",
    ),
    Inconsistency(
        "selection",
        "Methods",
        "The checkpoint with the best score on the test set is kept, and that score is reported.",
        "The best of many scores on one set is higher than the checkpoint scores elsewhere.",
        "only by a learner that chooses checkpoints on the evaluation set",
    ),
    Inconsistency(
        "independence",
        "Tables 3 and 4",
        "Intervals and P values that take 2,500 runs as independent.",
        "All runs draw on one pool of 343 statements and are scored on one set of 147: that chance "
        "does not average out over runs, so the intervals are too narrow.",
        "the interval of F1 over runs alone, and one that accounts for pool and evaluation "
        "documents",
    ),
    Inconsistency(
        "anova",
        "Results",
        "ANOVA P of .85, .74, .93 and .53 for entities instead of sentences.",
        "Neither model contains the other and both have equally many coefficients. There are no "
        "degrees of freedom for an F; R's anova() prints neither F nor P. What was compared is not "
        "known.",
        "AIC and R² of both models, and tests made for models that do not contain each other",
    ),
    Inconsistency(
        "tokens",
        "Table 2",
        "“Tokens”: mean 712.9, with 525.2 sentences.",
        "No sentence has 1.4 tokens. 525.2 × 1.34 = 704: these are entities.",
        "tokens and entities of the same training sets",
    ),
    Inconsistency(
        "spread of size",
        "Table 2",
        "Statements 100.0 (SD 57.42, most 200); sentences 525.2 (SD 294.13, most 1,031).",
        "With 525.2/100.0 sentences a statement at every size, 57.42 × 5.252 = 301.6 is the least "
        "SD that sentences can have but for sampling error, and 200 statements have some 1,050. "
        "Printed are 294.13 and 1,031 at most: larger sets had fewer sentences a statement.",
        "the same products for your training sets",
    ),
    Inconsistency(
        "spread of EPS",
        "Table 2; Results",
        "EPS .771 to 1.72, SD .14; r = .28 between EPS and sentences.",
        "Random statements give sets of one statement, whose EPS scatters most: an SD of .14 over "
        "sizes 1 to 200 takes one of some .9 for single statements, and a dozen such sets would "
        "not stay within .771 to 1.72. Nor do larger random sets have denser statements: r is "
        "within some .13 of 0 when sets are drawn from real corpora (docs/paper.md).",
        "range and SD of EPS, and r, of your training sets",
    ),
    Inconsistency(
        "VIF",
        "Results",
        "r = .28 between EPS and sentences; VIF 1.11; tolerance .9.",
        "With two predictors VIF is 1/(1 − r²): r = .28 gives 1.085 and tolerance .92, while 1.11 "
        "takes r = .31 to .32.",
        "r and VIF, which always agree",
    ),
    Inconsistency(
        "topline",
        "Abstract; Table 2",
        "Toplines from .79 (abstract); the best GPT-2_large has .72 (Table 2).",
        "The two contradict each other.",
        "the best F1 of all runs, which is itself a maximum of many",
    ),
    Inconsistency(
        "degrees of freedom",
        "Table 3",
        "F with (22, 497) degrees of freedom.",
        "Two predictors and 2,500 runs leave (2, 2497), and F and R² as printed fit these.",
        "the degrees of freedom of the same regression",
    ),
    Inconsistency(
        "learning rate",
        "Methods",
        "Adam with a learning rate of .01.",
        "spaCy's default for transformers is 5e-5 after a warm-up; .01 would normally destroy a "
        "pretrained encoder.",
    ),
    Inconsistency(
        "parameters",
        "Methods",
        "GPT-2_large has 774 million parameters in the tables and 744 million in the text.",
        "One of the two is a slip.",
    ),
    Inconsistency(
        "largest sample",
        "Table 1; Conclusions",
        "Published samples go to 360,938 sentences in Table 1, to 35,938 in the conclusions.",
        "One of the two is a slip. With 21 papers of mean 26,678, Table 1's would be 64 % of all "
        "sentences together.",
    ),
)  # fmt: skip
"""In the order of what they matter for reading the paper's recommendation."""
