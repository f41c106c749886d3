"""Statistics on arrays: arrays in, frozen results out, no torch, no corpus.

Every public function is ``f(y, x, ..., *, level=0.95, n_resamples=..., seed=0)`` as far as it needs
these, and every result prints itself and has ``to_dict()``. ``docs/statistics.md`` has a runnable
example of each.

Examples
--------
>>> from suffice import stats
>>> round(stats.cohen_kappa([[20, 5], [10, 15]]).value, 3)
0.4
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
