import { writeFileAtomic } from '../disk/atomicWrite.ts';
import { escapeXml } from './tiff/gdalMetadata.ts';
import type { MapClass } from './types.ts';

/** Colours of a class list by code, for a TIFF palette; codes without a class are black. */
export function paletteOf(classes: readonly MapClass[]): (readonly [number, number, number])[] {
  const length = Math.max(0, ...classes.map((c) => c.code)) + 1;
  const palette = Array.from({ length }, (): readonly [number, number, number] => [0, 0, 0]);
  for (const { code, color } of classes) palette[code] = rgbOf(color);
  return palette;
}

/** GDAL's sidecar: category names by code (codes in between get empty names). Read by GDAL, QGIS and rasterio. */
export function auxXmlFor(classes: readonly MapClass[], description: string): string {
  const names = Array.from({ length: paletteOf(classes).length }, (_, code) => {
    const name = classes.find((c) => c.code === code)?.name ?? (code === 0 ? 'unclassified' : '');
    return `      <Category>${escapeXml(name)}</Category>`;
  });
  return `<PAMDataset>
  <PAMRasterBand band="1">
    <Description>${escapeXml(description)}</Description>
    <CategoryNames>
${names.join('\n')}
    </CategoryNames>
  </PAMRasterBand>
</PAMDataset>
`;
}

/** QGIS layer style (paletted): applied by itself when it stands beside the raster under the same base name. */
export function qmlFor(classes: readonly MapClass[]): string {
  const entries = classes.map(
    ({ code, name, color }) =>
      `      <paletteEntry value="${code}" label="${escapeXml(name)}" color="${color}" alpha="255"/>`,
  );
  return `<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.28" styleCategories="AllStyleCategories">
  <pipe>
    <provider>
      <resampling enabled="false" zoomedInResamplingMethod="nearestNeighbour" zoomedOutResamplingMethod="nearestNeighbour" maxOversampling="2"/>
    </provider>
    <rasterrenderer type="paletted" band="1" alphaBand="-1" opacity="1" nodataColor="">
      <rasterTransparency/>
      <colorPalette>
${entries.join('\n')}
      </colorPalette>
    </rasterrenderer>
  </pipe>
  <blendMode>0</blendMode>
</qgis>
`;
}

/** OGC Styled Layer Descriptor 1.0 for the same classes. */
export function sldFor(classes: readonly MapClass[], layer: string): string {
  const entries = classes.map(
    ({ code, name, color }) =>
      `              <ColorMapEntry color="${color}" quantity="${code}" label="${escapeXml(name)}"/>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<StyledLayerDescriptor version="1.0.0" xmlns="http://www.opengis.net/sld" xmlns:ogc="http://www.opengis.net/ogc">
  <NamedLayer>
    <Name>${escapeXml(layer)}</Name>
    <UserStyle>
      <FeatureTypeStyle>
        <Rule>
          <RasterSymbolizer>
            <ColorMap type="values">
${entries.join('\n')}
            </ColorMap>
          </RasterSymbolizer>
        </Rule>
      </FeatureTypeStyle>
    </UserStyle>
  </NamedLayer>
</StyledLayerDescriptor>
`;
}

/** Writes `<raster>.aux.xml`, and `.qml` and `.sld` under the raster's base name. */
export function writeClassSidecars(rasterPath: string, classes: readonly MapClass[], layer: string): void {
  const base = rasterPath.replace(/\.tiff?$/i, '');
  writeFileAtomic(`${rasterPath}.aux.xml`, auxXmlFor(classes, layer));
  writeFileAtomic(`${base}.qml`, qmlFor(classes));
  writeFileAtomic(`${base}.sld`, sldFor(classes, layer));
}

function rgbOf(color: string): readonly [number, number, number] {
  const value = Number.parseInt(color.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}
