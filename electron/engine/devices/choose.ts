/** `auto`: times the devices that load on the real work and takes the fastest; the finding is kept per machine. */
import { mkdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { isoTime } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import { hashSeed } from '../../base/prng.ts';
import { writeFileAtomic } from '../../disk/atomicWrite.ts';
import type { DeviceId, DeviceReport, DeviceTiming } from '../types.ts';
import { processorName } from './devices.ts';

/** Tiles (or runs) per second by device; devices that failed are absent. */
export type Rates = Partial<Record<DeviceId, number>>;
export interface Finding {
  /** Name of the step or function. */
  readonly work: string;
  readonly device: DeviceId;
  readonly rates: Rates;
  readonly when: string;
}

/** Why nothing is compared. */
export const onlyOne = 'no other device loads on this machine';

/** Devices worth timing: the eager ones that share the processor are never faster than the compiled processor. */
export const contenders = (reports: readonly Pick<DeviceReport, 'id' | 'available'>[]): DeviceId[] =>
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

/** Per device what was measured of it, newest first. */
export function timingsIn(folder: string | undefined): Partial<Record<DeviceId, DeviceTiming[]>> {
  const timings: Partial<Record<DeviceId, DeviceTiming[]>> = {};
  if (!folder) return timings;
  const newestFirst = Object.values(readAll(folder)).toSorted((a, b) => b.when.localeCompare(a.when));
  for (const finding of newestFirst) {
    for (const [id, tilesPerSecond] of Object.entries(finding.rates) as [DeviceId, number][]) {
      timings[id] ??= [];
      timings[id].push({
        work: finding.work,
        tilesPerSecond,
        isChosen: id === finding.device,
        reason: reasonFor(finding, false),
        when: finding.when,
      });
    }
  }
  return timings;
}

/** What was measured before. A cache that cannot be read is empty: measuring again costs seconds. */
function readAll(folder: string): Record<string, Finding> {
  try {
    const parsed: unknown = JSON.parse(readFileSync(fileIn(folder), 'utf8'));
    if (typeof parsed !== 'object' || parsed === null) return {};
    return Object.fromEntries(Object.entries(parsed).filter(([, value]) => isFinding(value)));
  } catch {
    return {};
  }
}

/** Earlier versions kept less. */
function isFinding(value: unknown): value is Finding {
  const { work, device, rates, when } = Object(value) as Record<string, unknown>;
  return [work, device, when].every((text) => typeof text === 'string') && typeof rates === 'object';
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
export function fastest(
  work: string,
  rates: Rates,
  clock?: Parameters<typeof isoTime>[0],
): Finding | undefined {
  const sorted = Object.entries(rates).sort((a, b) => b[1] - a[1]) as [DeviceId, number][];
  const best = sorted[0];
  return best && { work, device: best[0], rates, when: isoTime(clock) };
}

/**
 * One sentence for people: `webgpu: 900 tiles/s against 80 on cpu (measured now)`; `cpu: 80 tiles/s (measured now), and
 * no other device loads on this machine`.
 */
export function reasonFor({ device, rates, when }: Finding, fresh: boolean): string {
  const number = (rate: number | undefined) =>
    rate === undefined ? '?' : rate >= 10 ? rate.toFixed(0) : rate.toFixed(2);
  const others = (Object.entries(rates) as [DeviceId, number][])
    .filter(([id]) => id !== device)
    .map(([id, rate]) => `${number(rate)} on ${id}`);
  const against = others.length > 0 ? ` against ${others.join(' and ')}` : '';
  const alone = others.length === 0 ? `, and ${onlyOne}` : '';
  return `${device}: ${number(rates[device])} tiles/s${against} (measured ${fresh ? 'now' : when.slice(0, 10)})${alone}`;
}
