"""The kinds of columns rules read and give: all are one-dimensional NumPy arrays, one value a case or a person.

NumPy's own types do not follow an operation's dtype, so these names are for the reader.
"""

from typing import Any

from numpy.typing import NDArray

Kolonne = NDArray[Any]
Tall = NDArray[Any]
"""float64"""
Heltall = NDArray[Any]
"""int64; of persons' amounts: øre"""
Flagg = NDArray[Any]
"""bool"""
