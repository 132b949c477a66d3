/** The WebGPU provider against the processor, on software Vulkan (SwiftShader, part of Debian's chromium). */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { createEngine } from '../../electron/engine/engine.ts';
import { expectClose } from '../support/expectClose.ts';
import { smallBatch, smallHyper, smallState, smallStep } from './smallStep.ts';

const driver = '/usr/lib/chromium/vk_swiftshader_icd.json';
const there = process.platform === 'linux' && existsSync(driver);

it.skipIf(!there)(
  `a step on webgpu equals the processor's${there ? '' : ` (skipped: no software Vulkan at ${driver})`}`,
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'swath-webgpu-'));
    const child = spawnSync(process.execPath, [fileURLToPath(new URL('./webgpuChild.ts', import.meta.url))], {
      encoding: 'utf8',
      timeout: 120_000,
      env: {
        ...process.env,
        VK_ICD_FILENAMES: driver,
        VK_DRIVER_FILES: driver,
        XDG_RUNTIME_DIR: folder,
        // Its Vulkan loader, for machines that have none of their own.
        LD_LIBRARY_PATH: dirname(driver),
      },
    });
    rmSync(folder, { recursive: true });
    expect(child.status, child.stderr).toBe(0);
    const onGpu = JSON.parse(child.stdout) as {
      losses: number[];
      state: Record<string, number[]>;
      stable: number[];
    };

    const running = await createEngine().startStep(smallStep, smallState(), { device: 'cpu' });
    const losses: number[] = [];
    for (let i = 0; i < 12; i++)
      losses.push((await running.run(smallBatch(i % 3), smallHyper)).loss?.data[0] ?? Number.NaN);
    expectClose(onGpu.losses, losses, { rel: 1e-4 });
    for (const [name, { data }] of Object.entries(await running.readState())) {
      expectClose(onGpu.state[name] ?? [], data, { rel: 1e-3, abs: 1e-4 });
    }
    expect(onGpu.stable).toEqual(onGpu.state['head/w']);
    await running.dispose();
  },
  180_000,
);
