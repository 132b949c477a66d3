import proj4 from 'proj4';

export type Place = readonly [number, number];

/** From longitude and latitude (WGS 84, degrees) to the coordinates of a proj4 string or WKT. */
export function toMapOf(definition: string): (at: Place) => [number, number] {
  const converter = proj4('EPSG:4326', definition);
  return (at) => converter.forward([...at]) as [number, number];
}

/** From the coordinates of a proj4 string or WKT to longitude and latitude in degrees. */
export function toLonLatOf(definition: string): (at: Place) => [number, number] {
  const converter = proj4('EPSG:4326', definition);
  return (at) => converter.inverse([...at]) as [number, number];
}
