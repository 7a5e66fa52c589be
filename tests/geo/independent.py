"""Geodesy written out once more in numpy, for the tests to compare the library with."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

A, F = 6378137.0, 1 / 298.257223563  # WGS 84 ellipsoid, which VN-2000 shares; m
E2 = F * (2 - F)

# QĐ 05/2007/QĐ-BTNMT, VN-2000 to WGS 84, coordinate frame rotation.
SHIFT = np.array([-191.90441429, -39.30318279, -111.45032835])  # m
TURN = np.radians(np.array([-0.00928836, 0.01975479, -0.00427372]) / 3600)
SCALE = 1.000000252906278


def to_ecef(lonlat: Array, a: float = A, f: float = F) -> Array:
    """Geocentric X, Y, Z in metres of lon, lat in degrees, on an ellipsoid."""
    lon, lat = np.radians(lonlat).T
    e2 = f * (2 - f)
    n = a / np.sqrt(1 - e2 * np.sin(lat) ** 2)
    x, y = n * np.cos(lat) * np.cos(lon), n * np.cos(lat) * np.sin(lon)
    return np.column_stack([x, y, n * (1 - e2) * np.sin(lat)])


def from_ecef(xyz: Array) -> Array:
    """Return lon, lat in degrees, by fixed-point iteration on the latitude."""
    x, y, z = xyz.T
    p = np.hypot(x, y)
    lat = np.arctan2(z, p * (1 - E2))
    for _ in range(10):
        n = A / np.sqrt(1 - E2 * np.sin(lat) ** 2)
        lat = np.arctan2(z + E2 * n * np.sin(lat), p)
    lonlat: Array = np.degrees(np.column_stack([np.arctan2(y, x), lat]))
    return lonlat


def vn2000_to_wgs84(lonlat: Array) -> Array:
    """Apply the seven parameters of the decision to VN-2000 lon, lat at height 0."""
    rx, ry, rz = TURN
    rotation = np.array([[1, rz, -ry], [-rz, 1, rx], [ry, -rx, 1]])
    turned: Array = to_ecef(lonlat) @ rotation.T
    return from_ecef(SHIFT + SCALE * turned)


def transverse_mercator(lonlat: Array, *, meridian: float, k: float) -> Array:
    """Easting, northing (m, false easting 500 km) by Krüger's series to n⁴."""
    n = F / (2 - F)
    radius = A / (1 + n) * (1 + n**2 / 4 + n**4 / 64)
    alpha = [
        n / 2 - 2 * n**2 / 3 + 5 * n**3 / 16 + 41 * n**4 / 180,
        13 * n**2 / 48 - 3 * n**3 / 5 + 557 * n**4 / 1440,
        61 * n**3 / 240 - 103 * n**4 / 140,
        49561 * n**4 / 161280,
    ]
    lon, lat = np.radians(lonlat[:, 0] - meridian), np.radians(lonlat[:, 1])
    e = np.sqrt(E2)
    t = np.sinh(np.arctanh(np.sin(lat)) - e * np.arctanh(e * np.sin(lat)))
    xi, eta = np.arctan2(t, np.cos(lon)), np.arcsinh(np.sin(lon) / np.hypot(t, np.cos(lon)))
    pairs = list(enumerate(alpha, start=1))
    north = xi + sum(a * np.sin(2 * j * xi) * np.cosh(2 * j * eta) for j, a in pairs)
    east = eta + sum(a * np.cos(2 * j * xi) * np.sinh(2 * j * eta) for j, a in pairs)
    return np.column_stack([500_000 + k * radius * east, k * radius * north])


def chord_m(one: Array, other: Array) -> Array:
    """Straight distance through the earth between lon, lat points, metres."""
    distance: Array = np.linalg.norm(to_ecef(one) - to_ecef(other), axis=1)
    return distance


def haversine_m(one: Array, other: Array) -> Array:
    """Great-circle distance on a sphere of 6371.0088 km, metres."""
    (lon1, lat1), (lon2, lat2) = np.radians(one).T, np.radians(other).T
    h = np.sin((lat2 - lat1) / 2) ** 2
    h += np.cos(lat1) * np.cos(lat2) * np.sin((lon2 - lon1) / 2) ** 2
    distance: Array = 2 * 6371008.8 * np.arcsin(np.sqrt(h))
    return distance
