/**
 * Blocks of a map that is being made, kept in the project's cache, so that a run that was killed or cancelled goes on
 * where it was. They belong to one model, one scene and one set of layers; those of another map are given up for it.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync, inflateSync } from 'node:zlib';
import { fromSystemError } from '../base/errors.ts';
import type { MapJob } from '../contract/jobs.ts';
import { fingerprint } from '../raster/fingerprint.ts';
import type { BlockPlan } from './blocks.ts';
import type { BlockLayers } from './classify.ts';
import { appVersion } from './versions.ts';

const layerKinds = ['class', 'confidence', 'runner-up', 'entropy', 'unlike'] as const;

export interface FinishedBlocks {
  /** Whether a block of the plan, by its place in it, was finished by an earlier run. */
  has(index: number): boolean;
  /** Its layers of `size` pixels each; null when they are damaged. */
  take(index: number, size: number): BlockLayers | null;
  /** Errors: disk-full, read-only. */
  keep(index: number, layers: BlockLayers): void;
  /** The map is whole. */
  discard(): void;
}

/** Everything that a pixel of the map depends on. */
async function keyOf(job: MapJob, plan: BlockPlan): Promise<string> {
  const content = [
    appVersion,
    await fingerprint(job.modelFile),
    await Promise.all(job.source.files.map((file) => fingerprint(file))),
    job.source.units ?? null,
    job.region,
    job.confidence !== null,
    job.layers.map(({ kind }) => kind).toSorted(),
    job.params.device,
    [plan.width, plan.height, plan.blocks.length],
  ];
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 24);
}

/** Errors: those of the files of model and scene. */
export async function openFinishedBlocks(job: MapJob, plan: BlockPlan): Promise<FinishedBlocks> {
  const folder = join(job.unfinished, await keyOf(job, plan));
  // One unfinished map is kept, not every one that was ever given up.
  for (const other of existsSync(job.unfinished) ? readdirSync(job.unfinished) : [])
    if (join(job.unfinished, other) !== folder)
      rmSync(join(job.unfinished, other), { recursive: true, force: true });
  const found = new Set(existsSync(folder) ? readdirSync(folder) : []);
  const nameOf = (index: number) => `${index}.z`;
  const wanted = new Set<string>(['class', ...(job.confidence === null ? [] : ['confidence'])]);
  for (const { kind } of job.layers) wanted.add(kind);
  const stored = layerKinds.filter((kind) => wanted.has(kind));
  return {
    has: (index) => found.has(nameOf(index)),
    take(index, size) {
      try {
        // The checksum of the format tells when a power cut left half of it.
        const bytes = inflateSync(readFileSync(join(folder, nameOf(index))));
        if (bytes.length !== size * stored.length) return null;
        const layer = (kind: (typeof layerKinds)[number]) => {
          const at = stored.indexOf(kind);
          return at < 0 ? new Uint8Array(size) : Uint8Array.from(bytes.subarray(at * size, (at + 1) * size));
        };
        return {
          class: layer('class'),
          confidence: layer('confidence'),
          'runner-up': layer('runner-up'),
          entropy: layer('entropy'),
          unlike: layer('unlike'),
        };
      } catch {
        return null;
      }
    },
    keep(index, layers) {
      const path = join(folder, nameOf(index));
      try {
        mkdirSync(folder, { recursive: true });
        const bytes = Buffer.concat(stored.map((kind) => layers[kind]));
        writeFileSync(`${path}.part`, deflateSync(bytes, { level: 1 }));
        renameSync(`${path}.part`, path);
      } catch (error) {
        throw fromSystemError(error, path) ?? error;
      }
    },
    discard: () => rmSync(folder, { recursive: true, force: true }),
  };
}
