/** The import law as data: room → rooms it may import, packages it may import. A longer path wins over a shorter one. */
export interface Law {
  readonly rooms: readonly string[];
  readonly packages: readonly string[];
}

const tfjs = ['@tensorflow/tfjs-core'];

export const laws: Readonly<Record<string, Law>> = {
  'electron/base': { rooms: [], packages: [] },
  'electron/contract': { rooms: ['electron/base'], packages: ['zod'] },
  'electron/disk': { rooms: ['electron/base'], packages: ['node:'] },
  'electron/compute': { rooms: ['electron/base', 'electron/contract'], packages: tfjs },
  'electron/engine': {
    rooms: ['electron/base', 'electron/contract', 'electron/disk', 'electron/compute'],
    packages: [
      'node:',
      '@tensorflow/tfjs-core',
      '@tensorflow/tfjs-backend-cpu',
      '@tensorflow/tfjs-backend-wasm',
      'onnxruntime-node',
      'onnxruntime-common',
      'protobufjs',
    ],
  },
  'electron/raster': {
    rooms: ['electron/base', 'electron/contract', 'electron/disk'],
    packages: ['node:', 'geotiff', 'proj4', 'fflate', '@jsquash/webp'],
  },
  'electron/vector': {
    rooms: ['electron/base', 'electron/contract', 'electron/disk'],
    packages: ['node:', 'proj4', 'hyparquet', 'fflate'],
  },
  'electron/store': {
    rooms: ['electron/base', 'electron/contract', 'electron/disk', 'electron/vector'],
    packages: ['node:', 'better-sqlite3'],
  },
  'electron/jobs': { rooms: ['electron/base', 'electron/contract'], packages: ['node:'] },
  'electron/feed': {
    rooms: ['electron/base', 'electron/contract', 'electron/disk', 'electron/raster', 'electron/vector'],
    packages: ['node:'],
  },
  'electron/work': {
    rooms: [
      'electron/base',
      'electron/contract',
      'electron/disk',
      'electron/compute',
      'electron/engine',
      'electron/raster',
      'electron/vector',
      'electron/feed',
      'electron/jobs',
    ],
    packages: ['node:', ...tfjs],
  },
  'electron/services': {
    rooms: [
      'electron/base',
      'electron/contract',
      'electron/disk',
      'electron/raster',
      'electron/vector',
      'electron/feed',
      'electron/store',
      'electron/jobs',
    ],
    packages: ['node:'],
  },
  'electron/hosts': { rooms: ['electron'], packages: ['node:'] },
  'electron/hosts/web': {
    rooms: ['electron/base', 'electron/contract', 'electron/services', 'electron/jobs', 'electron/hosts'],
    packages: ['node:'],
  },
  'electron/hosts/cli': {
    rooms: [
      'electron/base',
      'electron/contract',
      'electron/disk',
      'electron/services',
      'electron/jobs',
      'electron/hosts',
    ],
    packages: ['node:'],
  },
  'electron/hosts/electron': {
    rooms: [
      'electron/base',
      'electron/contract',
      'electron/disk',
      'electron/services',
      'electron/jobs',
      'electron/work',
      'electron/hosts',
    ],
    packages: ['node:', 'electron', 'vite', 'zod'],
  },
  'renderer/api': { rooms: ['electron/base', 'electron/contract'], packages: [] },
  'renderer/texts': { rooms: ['electron/base', 'electron/contract'], packages: [] },
  'renderer/ui': { rooms: ['renderer/texts'], packages: ['svelte', '@lucide/svelte'] },
  'renderer/charts': { rooms: ['renderer/ui', 'renderer/texts'], packages: ['svelte'] },
  'renderer/state': {
    rooms: ['electron/base', 'electron/contract', 'renderer/api', 'renderer/texts'],
    packages: ['svelte', 'proj4'],
  },
  'renderer/map': {
    rooms: ['electron/base', 'electron/contract', 'renderer/state', 'renderer/texts', 'renderer/ui'],
    packages: ['ol', 'svelte', '@lucide/svelte'],
  },
  'renderer/domains': {
    rooms: [
      'electron/base',
      'electron/contract',
      'renderer/state',
      'renderer/map',
      'renderer/ui',
      'renderer/charts',
      'renderer/texts',
    ],
    packages: ['svelte', '@lucide/svelte'],
  },
  renderer: {
    rooms: ['electron/base', 'electron/contract', 'renderer'],
    packages: ['svelte', '@lucide/svelte', 'vite', '@sveltejs/vite-plugin-svelte'],
  },
};

/** The room a path belongs to: the longest name in the table that heads it. */
export function roomOf(path: string): string | undefined {
  return Object.keys(laws)
    .filter((room) => path === room || path.startsWith(`${room}/`))
    .sort((a, b) => b.length - a.length)[0];
}

/** Files that may do what their room may not, each with its reason. This list may only shrink. */
export const exceptions: Readonly<Record<string, string>> = {
  'electron/hosts/worker.entry.ts': 'the worker process is where services end and work begins',
};
