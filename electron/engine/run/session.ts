/** An onnxruntime session for one of the compiled devices, with options found by measurement (see ../README.md). */
import * as ort from 'onnxruntime-node';
import { AppError } from '../../base/errors.ts';
import type { DeviceId } from '../types.ts';

export interface SessionOptions {
  readonly device: DeviceId;
  readonly threads?: number | undefined;
  /** Outputs that stay on the device. Ignored by devices that share the CPU's memory. */
  readonly onDevice?: readonly string[];
  readonly profile?: string | undefined;
}

/** Devices whose tensors may stay in GPU memory between runs. */
export const keepsState = (device: DeviceId): boolean => device === 'webgpu';

export async function openSession(model: Uint8Array, options: SessionOptions): Promise<ort.InferenceSession> {
  const { device, threads, onDevice = [], profile } = options;
  try {
    return await ort.InferenceSession.create(model, {
      executionProviders: device === 'cpu' ? ['cpu'] : [{ name: device }, 'cpu'],
      graphOptimizationLevel: 'all',
      executionMode: 'sequential',
      logSeverityLevel: 3,
      // Threads that spin while they wait gain nothing here, and lose a third when the reader or the app needs a core.
      extra: { session: { intra_op: { allow_spinning: '0' } } },
      ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
      ...(keepsState(device) && onDevice.length > 0
        ? {
            preferredOutputLocation: Object.fromEntries(
              onDevice.map((name) => [name, 'gpu-buffer' as const]),
            ),
          }
        : {}),
      ...(profile === undefined ? {} : { enableProfiling: true, profileFilePrefix: profile }),
    });
  } catch (error) {
    throw deviceError(error, device, 'could not be started');
  }
}

/** A failure inside onnxruntime as ours: `out-of-memory` when it says so, else `device`. */
export function deviceError(error: unknown, device: DeviceId, what: string): AppError {
  if (error instanceof AppError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const memory = /alloc|out of memory|OOM|bad_alloc|E_OUTOFMEMORY|not enough memory/i.test(message);
  return memory
    ? new AppError('out-of-memory', `Not enough memory on ${device}: ${message}`, {
        subject: device,
        remedy: 'Take a smaller batch or tile, or a smaller encoder.',
        cause: error,
      })
    : new AppError('device', `The device ${device} ${what}: ${message}`, {
        subject: device,
        remedy: 'Choose another device, or `auto`.',
        cause: error,
      });
}
