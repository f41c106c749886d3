"""What Majdik et al. published, as data: JMIR AI 2024;3:e52095, doi 10.2196/52095.

Every figure names the table or section that it is printed in. The article is an online one whose
own pages are not numbered. What cannot hold is in `suffice.applications.paper.inconsistencies`.
"""

from __future__ import annotations

from dataclasses import dataclass

CITATION = (
    "Majdik ZP, Graham SS, Shiva Edward JC, et al. Sample Size Considerations for Fine-Tuning "
    "Large Language Models for Named Entity Recognition Tasks: Methodological Study. JMIR AI "
    "2024;3:e52095. doi 10.2196/52095"
)


@dataclass(frozen=True)
class Protocol:
    """How the study was made (Methods).

    Parameters
    ----------
    documents, evaluation, pool : int
        Statements annotated, held out, and left to draw from.
    drawn_from, records : int
        Statements with a confirmed conflict, and PubMed records with a field for it (2018).
    double_annotated : int
        Statements that both annotators read.
    sets, strata, largest_set : int
        Training sets, strata of their size, and statements of the largest.
    labels : tuple of str
    evaluation_steps : int
        Iterations between two evaluations on the test set.
    learning_rate : float
        As stated.
    """

    documents: int = 490
    evaluation: int = 147
    pool: int = 343
    drawn_from: int = 15_374
    records: int = 274_246
    double_annotated: int = 200
    sets: int = 2_500
    strata: int = 5
    largest_set: int = 200
    labels: tuple[str, ...] = ("PERSON", "ORG")
    evaluation_steps: int = 200
    learning_rate: float = 0.01

    @property
    def evaluation_share(self) -> float:
        """Return the share of statements that are held out."""
        return self.evaluation / self.documents

    @property
    def sets_per_stratum(self) -> int:
        """Return the training sets drawn in each stratum."""
        return self.sets // self.strata


PROTOCOL = Protocol()


@dataclass(frozen=True)
class SampleSizes:
    """Human-annotated training sets of published studies, by unit (Table 1).

    Parameters
    ----------
    unit : str
        What was counted.
    papers : int
    percent : int
        Percentage of the 93 studies that say how large their training set is.
    mean, least, most : int
    """

    unit: str
    papers: int
    percent: int
    mean: int
    least: int
    most: int


TABLE_1 = (
    SampleSizes("clinical notes or reports", 34, 37, 709, 17, 5_098),
    SampleSizes("abstracts or papers", 21, 23, 1_966, 20, 7_000),
    SampleSizes("sentences", 21, 23, 26_678, 100, 360_938),
    SampleSizes("other", 9, 10, 5_979, 47, 25_678),
    SampleSizes("entities", 5, 5, 15_957, 100, 39_876),
    SampleSizes("tokens", 3, 3, 42_121, 1_840, 79_401),
)
PAPERS_FOUND, PAPERS_WITH_SIZE, PAPERS_THAT_JUSTIFY = 138, 93, 3
"""Found; saying how large their training set is; justifying it, all three by earlier work."""


@dataclass(frozen=True)
class PaperSpread:
    """Least, most, mean and standard deviation over the training sets (Table 2)."""

    least: float
    most: float
    mean: float
    sd: float


TABLE_2 = {
    "statements": PaperSpread(1, 200, 100.0, 57.42),
    "entities": PaperSpread(4, 1_402, 712.9, 405.94),
    "sentences": PaperSpread(5, 1_031, 525.2, 294.13),
    "EPS": PaperSpread(0.771, 1.72, 1.34, 0.14),
}
"""What Table 2 calls tokens are entities: 525.2 sentences with 1.34 each make 704."""


@dataclass(frozen=True)
class Architecture:
    """What was found for one architecture.

    Parameters
    ----------
    name : str
    parameters : int
        Millions, as in the tables.
    f1 : PaperSpread
        Table 2.
    beta_eps, beta_sentences, f, r2 : float
        Table 3: standardised coefficients, F, R squared.
    p_eps : float or None
        The P of the coefficient of EPS; None where it is printed as below .001.
    sentences, eps : (float, float, float)
        Table 4: the threshold, and the ends of its 95 % interval.
    p_entities : float
        ANOVA between the models with sentences and with entities (Results).
    """

    name: str
    parameters: int
    f1: PaperSpread
    beta_eps: float
    beta_sentences: float
    f: float
    r2: float
    p_eps: float | None
    sentences: tuple[float, float, float]
    eps: tuple[float, float, float]
    p_entities: float


ARCHITECTURES = (
    Architecture(
        "RoBERTa_base", 125, PaperSpread(0.43, 0.94, 0.81, 0.13), 0.04, 0.78, 2034, 0.6197, None,
        (448, 437, 456), (1.36, 1.35, 1.37), 0.85,
    ),
    Architecture(
        "GatorTron_base", 345, PaperSpread(0.37, 0.92, 0.84, 0.13), 0.05, 0.79, 2236, 0.6417, None,
        (448, 409, 456), (1.36, 1.36, 1.38), 0.74,
    ),
    Architecture(
        "RoBERTa_large", 355, PaperSpread(0.44, 0.96, 0.84, 0.14), 0.05, 0.76, 1918, 0.6057, None,
        (439, 409, 451), (1.36, 1.35, 1.38), 0.93,
    ),
    Architecture(
        "GPT-2_large", 774, PaperSpread(0.30, 0.72, 0.58, 0.12), -0.01, 0.89, 4685, 0.7896, 0.184,
        (527, 511, 540), (1.38, 1.36, 1.38), 0.53,
    ),
)  # fmt: skip
"""Tables 2 to 4, in the paper's order."""

CORRELATION, VIF, TOLERANCE = 0.28, 1.11, 0.9
"""Of EPS and sentences (Results)."""
CORRELATION_ENTITIES = 0.998
"""Of entities and sentences (Results)."""


@dataclass(frozen=True)
class PublishedAgreement:
    """Agreement of the two annotators on 200 statements (Methods).

    Parameters
    ----------
    boundaries, types : float
        Shares of units with identical boundaries, and of these with the same type.
    kappa : float
        Cohen's, on types.
    icc : (float, float, float)
        Intraclass correlation and the ends of its 95 % interval.
    """

    boundaries: float = 0.983
    types: float = 0.996
    kappa: float = 0.989
    icc: tuple[float, float, float] = (0.87, 0.864, 0.876)


AGREEMENT = PublishedAgreement()
SECONDS_PER_SENTENCE = (10.0, 30.0)
"""Annotation time (Discussion); about 450 sentences are said to take 74 to 225 minutes."""
MINUTES = (74, 225)
