"""Sample-size studies for named-entity recognition: how many annotated sentences suffice.

The public names are imported when they are first used, so that ``import suffice`` takes no time and
never needs torch.

Examples
--------
>>> import suffice
>>> corpus = suffice.load_example("disclosures", n=30)
>>> len(corpus), corpus.labels
(30, ('ORG', 'PERSON'))
"""

from suffice._lazy import attach

__version__ = "0.1.0"

__getattr__, __dir__, __all__ = attach(__name__, __file__)
