import type { Areal } from '../contract/geometry.ts';

/**
 * The nouns of this room. Geometries are GeoJSON's, two-dimensional; rings are closed (first position = last) unless a
 * function says otherwise. Scenes without a CRS use local pixel coordinates: x = column, y = −row, so that a GIS shows
 * them upright.
 */
export type Position = number[];
export type Ring = Position[];
export interface Point {
  type: 'Point';
  coordinates: Position;
}
export type Geometry = Areal | Point;

export type Value = string | number | boolean | null;

export interface Feature {
  readonly geometry: Geometry | null;
  readonly properties: Readonly<Record<string, Value>>;
  /** Why `geometry` is null although the file had something: "LineString is neither an area nor a point". */
  readonly unread?: string;
}

export type AttributeType = 'text' | 'integer' | 'real' | 'boolean' | 'date';
export interface Attribute {
  readonly name: string;
  readonly type: AttributeType;
}

/** All three null: the file says nothing about its coordinates. */
export interface VectorCrs {
  readonly epsg: number | null;
  readonly wkt: string | null;
  /** A string that proj4 understands, when it can be had from the file alone. */
  readonly proj4: string | null;
}

export interface VectorLayer {
  readonly name: string;
  /** Every layer of the file; only GeoPackages hold several. */
  readonly layers: readonly string[];
  readonly fields: readonly Attribute[];
  readonly features: readonly Feature[];
  readonly crs: VectorCrs;
}

export type Transform = (x: number, y: number) => readonly [number, number];
