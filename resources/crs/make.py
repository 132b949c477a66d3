#!/usr/bin/env python3
"""Writes the tables of coordinate reference systems from PROJ's database (EPSG dataset) through GDAL:
proj4.json: code -> [name, proj4 string] for every current projected and geographic 2D system that proj4js can compute;
wkt.json.gz: code -> WKT 1 as GDAL writes it, for the same codes.
proj4 strings get +towgs84 of the best Helmert transformation to WGS 84 that covers the datum's area, since PROJ itself
would choose an operation at run time and proj4js cannot.   Run: python3 resources/crs/make.py (needs python3-gdal)."""
import gzip, json, os, sqlite3
from osgeo import osr

osr.DontUseExceptions()
here = os.path.dirname(os.path.abspath(__file__))
db = sqlite3.connect(osr.GetPROJSearchPaths()[-1] + '/proj.db' if osr.GetPROJSearchPaths() else '/usr/share/proj/proj.db')
known = set('longlat utm tmerc merc lcc aea laea stere sterea somerc omerc krovak cass eqc cea poly eqdc aeqd nzmg mill sinu moll'.split())
os.environ['OSR_ADD_TOWGS84_ON_EXPORT_TO_PROJ4'] = 'YES'

def extent(table, code):
    box = db.execute('''select min(e.west_lon), min(e.south_lat), max(e.east_lon), max(e.north_lat) from usage u
        join extent e on e.auth_name = u.extent_auth_name and e.code = u.extent_code
        where u.object_table_name = ? and u.object_auth_name = 'EPSG' and u.object_code = ?''', (table, code)).fetchone()
    if box[0] is None or box[0] <= box[2]: return box
    return (box[0] - 360, box[1], box[2], box[3])  # across the date line

def area(box):
    return max(0, box[2] - box[0]) * max(0, box[3] - box[1])

def overlap(a, b):
    return area((max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])))

def helmert(geographic):
    """The seven parameters (position vector convention, as +towgs84), or None."""
    own = extent('geodetic_crs', geographic)
    if own[0] is None: return None
    best = None
    for row in db.execute('''select code, method_code, accuracy, tx, ty, tz, rx, ry, rz, scale_difference, rotation_uom_code
        from helmert_transformation_table where auth_name = 'EPSG' and source_crs_auth_name = 'EPSG' and source_crs_code = ?
        and target_crs_auth_name = 'EPSG' and target_crs_code = '4326' and deprecated = 0
        and method_code in ('9603', '9606', '9607') order by cast(code as integer) desc''', (geographic,)):
        box = extent('helmert_transformation', row[0])
        if box[0] is None: continue
        cover = overlap(own, box) / max(area(own), 1e-9)
        rank = (-round(min(cover, 1), 1), row[2] if row[2] is not None else 999)
        if best is None or rank < best[0]: best = (rank, row)
    if best is None: return None
    _, method, _, tx, ty, tz, rx, ry, rz, ds, unit = best[1]
    method, unit = str(method), str(unit)
    if method == '9603': return [tx, ty, tz]
    if unit == '9104': scale = 1.0
    elif unit == '9109': scale = 180 / 3.141592653589793 * 3600 * 1e-6
    else: return [tx, ty, tz] if not rx else None
    sign = scale if method == '9606' else -scale
    return [tx, ty, tz, sign * rx, sign * ry, sign * rz, ds]

codes = [int(c) for (c,) in db.execute("""select code from projected_crs where auth_name='EPSG' and deprecated=0
    union select code from geodetic_crs where auth_name='EPSG' and deprecated=0 and type='geographic 2D'""")]
table, wkts, cache = {}, {}, {}
for code in sorted(codes):
    s = osr.SpatialReference()
    if s.ImportFromEPSG(code) != 0: continue
    text = s.ExportToProj4().replace(' +type=crs', '').strip()
    parts = dict(p.lstrip('+').split('=', 1) if '=' in p else (p.lstrip('+'), '') for p in text.split())
    if parts.get('proj') not in known or 'axis' in parts: continue
    base = s.CloneGeogCS()
    geographic = base.GetAuthorityCode(None)
    shifts = 'towgs84' in parts and any(float(v) for v in parts['towgs84'].split(','))
    datum = parts.get('datum')
    if not shifts and datum not in ('WGS84', 'NAD83') and 'nadgrids' not in parts and geographic and geographic != '4326':
        if geographic not in cache: cache[geographic] = helmert(geographic)
        if cache[geographic]:
            words = [w for w in text.split() if not w.startswith(('+towgs84', '+datum'))]
            if datum:  # the datum's ellipsoid by name, so that its own shift does not apply
                words.append('+ellps=' + {'NAD27': 'clrk66', 'potsdam': 'bessel', 'carthage': 'clrk80ign', 'hermannskogel': 'bessel', 'ire65': 'mod_airy', 'nzgd49': 'intl', 'OSGB36': 'airy', 'GGRS87': 'GRS80'}[datum])
            words = [w for w in words if w != '+no_defs'] + ['+towgs84=' + ','.join('%.10g' % v for v in cache[geographic]), '+no_defs']
            text = ' '.join(words)
    table[code] = [s.GetName(), text]
    wkts[code] = s.ExportToWkt(['FORMAT=WKT1_GDAL'])
version = db.execute("select value from metadata where key='EPSG.VERSION'").fetchone()[0]
with open(os.path.join(here, 'proj4.json'), 'w') as f:
    f.write('{\n' + ',\n'.join('"%d": %s' % (c, json.dumps(v, ensure_ascii=False)) for c, v in table.items()) + '\n}\n')
with open(os.path.join(here, 'wkt.json.gz'), 'wb') as f:
    with gzip.GzipFile(filename='', mode='wb', fileobj=f, mtime=0) as z:
        z.write(json.dumps(wkts, ensure_ascii=False).encode())
print(version, len(table), 'systems')
