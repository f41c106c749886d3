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

import lazy_loader

__version__ = "0.1.0"

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
