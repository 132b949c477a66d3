import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DevicesJob } from '../contract/jobs.ts';
import type { DeviceInfo } from '../contract/run.ts';
import { type Context, newId } from './context.ts';

/** Asks a worker what it can compute on: loading a driver may crash the process that does it. Asked once per app. */
export function createDeviceList(ctx: Context): () => Promise<readonly DeviceInfo[]> {
  let asked: Promise<readonly DeviceInfo[]> | undefined;
  return () => {
    asked ??= ask(ctx).catch((error: unknown) => {
      asked = undefined;
      throw error;
    });
    return asked;
  };
}

async function ask(ctx: Context): Promise<readonly DeviceInfo[]> {
  const folder = mkdtempSync(join(tmpdir(), 'swath-devices-'));
  const payload: DevicesJob = { kind: 'devices' };
  try {
    const { result } = await ctx.runner.submit({ id: newId(ctx, 'devices'), folder, payload }, 'light');
    return result as readonly DeviceInfo[];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
