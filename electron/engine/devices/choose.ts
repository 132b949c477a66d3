/** `auto`: times the devices that load on the real work and takes the fastest; the finding is kept per machine. */
import { mkdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { isoTime } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import { hashSeed } from '../../base/prng.ts';
import { writeFileAtomic } from '../../disk/atomicWrite.ts';
import type { DeviceId, DeviceReport } from '../types.ts';
import { processorName } from './devices.ts';

/** Tiles (or runs) per second by device; devices that failed are absent. */
export type Rates = Partial<Record<DeviceId, number>>;
interface Finding {
  readonly device: DeviceId;
  readonly rates: Rates;
  readonly when: string;
}

/** Devices worth timing: the eager ones that share the processor are never faster than the compiled processor. */
export const contenders = (reports: readonly DeviceReport[]): DeviceId[] =>
  reports.filter((r) => r.available && r.id !== 'wasm' && r.id !== 'tfjs-cpu').map((r) => r.id);

/** A key for this machine, these devices and this work. `signature` holds the name and all shapes. */
export function findingKey(
  signature: string,
  devices: readonly DeviceId[],
  threads: number | undefined,
): string {
  const machine = `${process.platform}-${process.arch} ${processorName()} ${threads ?? availableParallelism()}`;
  const hash = [0, 1].map((salt) =>
    hashSeed(salt, machine, devices.join(), signature).toString(16).padStart(8, '0'),
  );
  return hash.join('');
}

const fileIn = (folder: string): string => join(folder, 'device-rates.json');

export function readFinding(folder: string | undefined, key: string): Finding | undefined {
  if (!folder) return undefined;
  return readAll(folder)[key];
}

/** What was measured before. A cache that cannot be read is empty: measuring again costs seconds. */
function readAll(folder: string): Record<string, Finding> {
  try {
    const parsed: unknown = JSON.parse(readFileSync(fileIn(folder), 'utf8'));
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, Finding>) : {};
  } catch {
    return {};
  }
}

/** Keeps a finding. A folder that cannot be written costs the next start a measurement, no more: it is logged. */
export function keepFinding(folder: string | undefined, key: string, finding: Finding, log: Log): void {
  if (!folder) return;
  try {
    mkdirSync(folder, { recursive: true });
    writeFileAtomic(fileIn(folder), JSON.stringify({ ...readAll(folder), [key]: finding }, null, 1));
  } catch (error) {
    log('warn', 'Device rates could not be kept', { folder, error: String(error) });
  }
}

/** The fastest of what was measured. */
export function fastest(rates: Rates, clock?: Parameters<typeof isoTime>[0]): Finding | undefined {
  const sorted = Object.entries(rates).sort((a, b) => b[1] - a[1]) as [DeviceId, number][];
  const best = sorted[0];
  return best && { device: best[0], rates, when: isoTime(clock) };
}

/** One sentence for people: `webgpu: 900 tiles/s against 80 on cpu (measured now)`. */
export function reasonFor({ device, rates, when }: Finding, fresh: boolean): string {
  const number = (rate: number | undefined) =>
    rate === undefined ? '?' : rate >= 10 ? rate.toFixed(0) : rate.toFixed(2);
  const others = (Object.entries(rates) as [DeviceId, number][])
    .filter(([id]) => id !== device)
    .map(([id, rate]) => `${number(rate)} on ${id}`);
  const against = others.length > 0 ? ` against ${others.join(' and ')}` : '';
  return `${device}: ${number(rates[device])} tiles/s${against} (measured ${fresh ? 'now' : when.slice(0, 10)})`;
}
