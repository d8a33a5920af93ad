"""Baidu's own plane: BD-09 degrees to the metres by which its tiles are cut, and back.

Baidu publishes no formula. These are the polynomials of its JavaScript library, one for each band
of latitude, which all open tools share. x grows to the east, y to the north.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

_MOST_NORTHERN = 74.0
_BANDS_DEG = np.array([15.0, 30.0, 45.0, 60.0, 75.0])
_BANDS_M = np.array([1_678_043.12, 3_481_989.83, 5_591_021.0, 8_362_377.87, 12_890_594.86])
_TO_METRES = np.array(
    [
        [
            -0.0003218135878613132, 111320.7020701615, 0.00369383431289, 823725.6402795718,
            0.46104986909093, 2351.343141331292, 1.58060784298199, 8.77738589078284,
            0.37238884252424, 7.45,
        ],
        [
            -0.0003441963504368392, 111320.7020576856, 278.2353980772752, 2485758.690035394,
            6070.750963243378, 54821.18345352118, 9540.606633304236, -2710.55326746645,
            1405.483844121726, 22.5,
        ],
        [
            0.00220636496208, 111320.7020209128, 51751.86112841131, 3796837.749470245,
            992013.7397791013, -1221952.21711287, 1340652.697009075, -620943.6990984312,
            144416.9293806241, 37.5,
        ],
        [
            0.00337398766765, 111320.7020202162, 4481351.045890365, -23393751.19931662,
            79682215.47186455, -115964993.2797253, 97236711.15602145, -43661946.33752821,
            8477230.501135234, 52.5,
        ],
        [
            0.0008277824516172526, 111320.7020463578, 647795574.6671607, -4082003173.641316,
            10774905663.51142, -15171875531.51559, 12053065338.62167, -5124939663.577472,
            913311935.9512032, 67.5,
        ],
        [
            -0.0015702102444, 111320.7020616939, 1704480524535203.0, -10338987376042340.0,
            26112667856603880.0, -35149669176653700.0, 26595700718403920.0,
            -10725012454188240.0, 1800819912950474.0, 82.5,
        ],
    ]
)  # fmt: skip
"""Per band, from the equator: constant and factor of x, seven of y, the scale of y."""
_TO_DEGREES = np.array(
    [
        [
            2.890871144776878e-9, 8.983055095805407e-6, -3.068298e-8, 7.47137025468032,
            -3.53937994e-6, -0.02145144861037, -1.234426596e-5, 0.00010322952773,
            -3.23890364e-6, 826088.5,
        ],
        [
            3.09191371068437e-9, 8.983055096812155e-6, 6.995724062e-5, 23.10934304144901,
            -0.00023663490511, -0.6321817810242, -0.00663494467273, 0.03430082397953,
            -0.00466043876332, 2555164.4,
        ],
        [
            -1.981981304930552e-8, 8.983055099779535e-6, 0.03278182852591, 40.31678527705744,
            0.65659298677277, -4.44255534477492, 0.85341911805263, 0.12923347998204,
            -0.04625736007561, 4482777.06,
        ],
        [
            -3.030883460898826e-8, 8.98305509983578e-6, 0.30071316287616, 59.74293618442277,
            7.357984074871, -25.38371002664745, 13.45380521110908, -3.29883767235584,
            0.32710905363475, 6856817.37,
        ],
        [
            -7.435856389565537e-9, 8.983055097726239e-6, -0.78625201886289, 96.32687599759846,
            -1.85204757529826, -59.36935905485877, 47.40033549296737, -16.50741931063887,
            2.28786674699375, 10260144.86,
        ],
        [
            1.410526172116255e-8, 8.98305509648872e-6, -1.9939833816331, 200.9824383106796,
            -187.2403703815547, 91.6087516669843, -23.38765649603339, 2.57121317296198,
            -0.03801003308653, 17337981.2,
        ],
    ]
)  # fmt: skip


def metres_from_bd09(lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
    """Return Baidu's metres of BD-09 degrees; latitudes beyond ±74° count as that."""
    x, y = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    y = np.clip(y, -_MOST_NORTHERN, _MOST_NORTHERN)
    return _converted(x, y, _TO_METRES[np.searchsorted(_BANDS_DEG, np.abs(y), side="right")])


def bd09_from_metres(x_m: ArrayLike, y_m: ArrayLike) -> tuple[Floats, Floats]:
    """Return BD-09 degrees of Baidu's metres."""
    x, y = np.asarray(x_m, dtype=float), np.asarray(y_m, dtype=float)
    return _converted(x, y, _TO_DEGREES[np.searchsorted(_BANDS_M, np.abs(y), side="right")])


def _converted(x: Floats, y: Floats, factors: Floats) -> tuple[Floats, Floats]:
    share = np.abs(y) / factors[..., 9]
    up = np.zeros_like(share)
    for power in range(8, 1, -1):
        up = up * share + factors[..., power]
    along = factors[..., 0] + factors[..., 1] * np.abs(x)
    return np.copysign(along, x), np.copysign(up, y)
