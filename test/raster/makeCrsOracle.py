#!/usr/bin/env python3
"""Positions by PROJ for test/oracles/crs.json: one Helmert transformation per datum, no grids, as the bundled table has.
Run: python3 test/raster/makeCrsOracle.py > test/oracles/crs.json"""
import json
from osgeo import osr
osr.UseExceptions()
osr.SetPROJEnableNetwork(False)
rows = []
for code, lon, lat in [(32633, 15.5, 46.1), (32733, 15.5, -12), (32601, -179, 5), (3857, 10, 50), (3035, 10.5, 51), (4258, 7, 50), (25832, 9.5, 52), (3794, 14.5, 46),
        (28992, 5.5, 52.5), (31370, 4.5, 50.6), (27700, -1.5, 52), (31467, 9.1, 48.5), (2056, 8, 47), (5514, 15, 50), (2154, 2, 47), (5070, -96, 38),
        (2193, 174, -40), (3067, 25, 62), (3006, 16, 60), (2180, 19, 52), (3301, 25, 59), (26917, -80, 35), (6933, 20, 30), (3413, -45, 75), (3031, 30, -75), (29172, -66, 0)]:
    t = osr.SpatialReference(); t.ImportFromEPSG(code); t.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    s = osr.SpatialReference(); s.ImportFromEPSG(4326); s.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    try: x, y, _ = osr.CoordinateTransformation(s, t).TransformPoint(lon, lat)
    except RuntimeError: continue
    rows.append({'epsg': code, 'name': t.GetName(), 'lon': lon, 'lat': lat, 'x': x, 'y': y})
print('[\n' + ',\n'.join(json.dumps(r) for r in rows) + '\n]')
