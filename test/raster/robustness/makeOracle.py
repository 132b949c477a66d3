#!/usr/bin/env python3
"""What GDAL makes of every file of ../shared/data/robustness, for test/oracles/robustness.json:
size, bands, type, geotransform, EPSG code, nodata and an MD5 over the pixels (band after band, row after row,
little-endian; 64-bit integers as float64, NaN in its canonical form; three windows only where the image is large).
Run: python3 test/raster/robustness/makeOracle.py ../shared/data/robustness > test/oracles/robustness.json"""
import hashlib, json, math, os, sys
import numpy
from osgeo import gdal, osr

os.environ['GDAL_PAM_ENABLED'] = 'NO'
gdal.SetConfigOption('GDAL_PAM_ENABLED', 'NO')
gdal.UseExceptions()
gdal.PushErrorHandler('CPLQuietErrorHandler')
root = sys.argv[1]
largest, window = 32 << 20, 1024

def windows(w, h):
    if w * h <= largest: return [(0, 0, w, h)]
    a, b = min(window, w), min(window, h)
    return [(0, 0, a, b), ((w - a) // 2, (h - b) // 2, a, b), (w - a, h - b, a, b)]

def digest(d):
    md5 = hashlib.md5()
    for b in range(d.RasterCount):
        band = d.GetRasterBand(b + 1)
        for (x, y, w, h) in windows(d.RasterXSize, d.RasterYSize):
            rows = max(1, (8 << 20) // w)
            for r in range(0, h, rows):
                a = band.ReadAsArray(x, y + r, w, min(rows, h - r))
                if a.dtype in (numpy.uint64, numpy.int64): a = a.astype('f8')
                if a.dtype.kind == 'f': a = numpy.where(numpy.isnan(a), a.dtype.type(math.nan), a)
                if a.dtype.kind == 'c': return 'complex'
                md5.update(numpy.ascontiguousarray(a).tobytes())
    return md5.hexdigest()

def describe(path):
    try:
        d = gdal.Open(path)
    except RuntimeError as e:
        return {'error': 'open: ' + str(e).replace(path, os.path.basename(path))[:120]}
    row = {'driver': d.GetDriver().ShortName, 'width': d.RasterXSize, 'height': d.RasterYSize, 'bands': d.RasterCount}
    if d.RasterCount == 0: return {**row, 'error': 'no band'}
    band = d.GetRasterBand(1)
    gt = d.GetGeoTransform(can_return_null=True)
    row['dtype'] = gdal.GetDataTypeName(band.DataType)
    row['geotransform'] = list(gt) if gt else None
    srs = d.GetSpatialRef()
    code = None
    # Of a compound CRS the part that says where: heights have no place on a map.
    if srs and srs.IsCompound(): srs = osr.SpatialReference(srs.ExportToWkt()); srs.StripVertical()
    elif srs and srs.IsGeographic() and srs.GetAxesCount() == 3: srs = srs.Clone(); srs.DemoteTo2D(None)
    if srs and srs.GetAuthorityName(None) == 'EPSG': code = int(srs.GetAuthorityCode(None))
    row['epsg'] = code
    row['crs'] = srs.GetName() if srs else None
    nodata = band.GetNoDataValue()
    # JSON has no NaN and no infinity.
    row['nodata'] = nodata if nodata is None or math.isfinite(nodata) else str(nodata)
    try:
        row['overviews'] = [[band.GetOverview(i).XSize, band.GetOverview(i).YSize] for i in range(band.GetOverviewCount())]
        row['md5'] = digest(d)
    except RuntimeError as e:
        row['error'] = 'read: ' + str(e).replace(path, os.path.basename(path))[:120]
    return row

rows = {}
for folder, _, files in sorted(os.walk(root)):
    for name in sorted(files):
        path = os.path.join(folder, name)
        if path.endswith(('.aux.xml', '.rpb', '.geojson', 'manifest.json', '_geom.json')): continue
        rows[os.path.relpath(path, root)] = describe(path)
print('{\n' + ',\n'.join(json.dumps(k) + ': ' + json.dumps(v) for k, v in sorted(rows.items())) + '\n}')
