/** Which devices this machine has. Asked once per engine: probing starts processes. */
import { cpus } from 'node:os';
import { listSupportedBackends } from 'onnxruntime-node';
import { type DeviceId, type DeviceReport, deviceIds } from '../types.ts';
import { packageNames } from './packages.ts';
import { probePackage, probeProvider } from './probe.ts';

/** A provider compiles shaders or loads a driver the first time; longer than this is not worth waiting for. */
const probeTimeoutMs = 20_000;

export const kindOf = (id: DeviceId): DeviceReport['kind'] =>
  id === 'tensorflow' || id === 'wasm' || id === 'tfjs-cpu' ? 'eager' : 'compiled';

const words: Readonly<Record<DeviceId, string>> = {
  cpu: 'onnxruntime on the processor',
  webgpu: 'onnxruntime on the GPU through WebGPU',
  dml: 'onnxruntime on the GPU through DirectML',
  coreml: 'onnxruntime through Core ML',
  cuda: 'onnxruntime on the GPU through CUDA',
  tensorflow: 'libtensorflow',
  wasm: 'tfjs on WebAssembly: slow, for what the others cannot do',
  'tfjs-cpu': 'tfjs in plain JavaScript: the slowest, and the reference of the tests',
};

export function processorName(): string {
  const all = cpus();
  return `${all[0]?.model.trim() ?? 'processor'} × ${all.length}`;
}

/** What a device is, without what was measured of it. */
export type Probed = Omit<DeviceReport, 'timings'>;

/** One report per device, in the order of `deviceIds`. */
export async function probeDevices(): Promise<Probed[]> {
  const built = new Set(listSupportedBackends().map((b) => b.name));
  return Promise.all(deviceIds.map((id) => report(id, built)));
}

async function report(id: DeviceId, built: ReadonlySet<string>): Promise<Probed> {
  const kind = kindOf(id);
  const found = (detail: string): Probed => ({ id, kind, available: true, detail });
  const missing = (detail: string): Probed => ({ id, kind, available: false, detail });
  if (id === 'cpu') return found(`${words.cpu}: ${processorName()}`);
  if (id === 'wasm' || id === 'tfjs-cpu') return found(words[id]);
  if (id === 'tensorflow') {
    const reasons: string[] = [];
    for (const name of packageNames) {
      const finding = await probePackage(name, probeTimeoutMs);
      if (finding.works) return found(`${words.tensorflow} (${name})`);
      reasons.push(finding.why);
    }
    return missing(reasons.join('; '));
  }
  if (!built.has(id)) return missing('not part of onnxruntime for this platform');
  const finding = await probeProvider(id, probeTimeoutMs);
  return finding.works ? found(words[id]) : missing(finding.why);
}
