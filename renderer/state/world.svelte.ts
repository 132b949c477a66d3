import { byteRoutes } from '../../electron/contract/bytes.ts';
import type { Client } from '../../electron/contract/client.ts';
import type { CrsRef } from '../../electron/contract/geometry.ts';
import type { Scene } from '../../electron/contract/scene.ts';
import { fetchBytes } from './fetchBytes.ts';
import { type Place, toLonLatOf, toMapOf } from './lonLat.ts';

/** Where the project lies in the world: its coordinates as longitude and latitude, coastlines and borders. */
export class World {
  /** A proj4 string or WKT; null without a CRS. */
  definition = $state<string | null>(null);
  /** Each a line of hundredths of a degree: its first longitude and latitude, then steps. */
  lines = $state.raw<readonly (readonly number[])[] | null>(null);
  readonly #client: Client;
  #known: string | null = null;

  constructor(client: Client) {
    this.#client = client;
  }

  toLonLat = $derived(this.definition === null ? null : toLonLatOf(this.definition));
  toMap = $derived(this.definition === null ? null : toMapOf(this.definition));

  /** Asks where the project lies when its coordinates are others than before. */
  async read(crs: CrsRef | null | undefined): Promise<void> {
    const name = crs ? `${crs.epsg} ${crs.wkt}` : null;
    if (name === this.#known) return;
    this.#known = name;
    this.definition = null;
    if (name === null) return;
    this.definition = (await this.#client.call('project.projection', {})).definition;
    if (this.definition === null || this.lines !== null) return;
    const bytes = await fetchBytes(this.#client.bytesUrl(byteRoutes.baseMap()));
    const { lines } = JSON.parse(new TextDecoder().decode(bytes)) as { lines: number[][] };
    this.lines = lines;
  }

  /** Longitude and latitude of a place, or null where they are not known. */
  lonLat(at: Place): Place | null {
    const place = this.toLonLat?.(at);
    return place?.every(Number.isFinite) ? place : null;
  }

  /** What the base map needs: the projection and the place that it is drawn around. */
  placeOf(scene: Scene | null): { definition: string; lon: number; lat: number } | null {
    if (!scene || this.definition === null) return null;
    const [minX, minY, maxX, maxY] = scene.extent;
    const place = this.lonLat([(minX + maxX) / 2, (minY + maxY) / 2]);
    return place && { definition: this.definition, lon: place[0], lat: place[1] };
  }
}
