import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { hasPython } from '../../support/python.ts';

export const sharedFolder = join(import.meta.dirname, '../../../../shared/data/robustness');
const recorded = join(import.meta.dirname, '../../oracles/robustness.json');
/** By the clock; `milliseconds` of an answer are those of the processor. */
const secondsEach = 20;

interface Facts {
  readonly width: number;
  readonly height: number;
  readonly bands: number;
  readonly dtype: string;
  readonly geotransform: readonly number[] | null;
  readonly epsg: number | null;
  readonly nodata: number | string | null;
  readonly md5: string;
}
type Verdict = Partial<Facts> & { readonly driver?: string; readonly error?: string };
type Answer = Partial<Facts> & {
  readonly milliseconds: number;
  readonly peakMiB: number;
  readonly reason?: string;
  readonly message?: string;
  readonly stack?: string;
};

export interface Row {
  readonly file: string;
  readonly gdal: Verdict;
  readonly ours: Answer;
  /** equal; refused (with our reason); different (with what differs); crash; hang. */
  readonly outcome: 'equal' | 'refused' | 'different' | 'crash' | 'hang';
  readonly detail: string;
}

/**
 * The table of all files of a folder; empty when the folder is not there. GDAL is asked where its Python module is
 * installed; else what it said once, which is known of the shared suite only.
 */
export async function robustnessTable(folder = sharedFolder): Promise<Row[]> {
  if (!existsSync(folder)) return [];
  const oracle = askGdal(folder) ?? (JSON.parse(readFileSync(recorded, 'utf8')) as Record<string, Verdict>);
  const files = Object.keys(oracle).filter((file) => existsSync(join(folder, file)));
  const answers = await readAll(files.map((file) => join(folder, file)));
  return files.map((file, i) => {
    const gdal = oracle[file] as Verdict;
    const ours = answers[i] as Answer;
    return { file, gdal, ours, ...compare(gdal, ours) };
  });
}

/** null where GDAL's Python module is not installed. */
function askGdal(folder: string): Record<string, Verdict> | null {
  if (!hasPython('osgeo', 'numpy')) return null;
  const script = join(import.meta.dirname, 'makeOracle.py');
  const { status, stdout, stderr } = spawnSync('/usr/bin/python3', [script, folder], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`GDAL could not describe ${folder}: ${stderr}`);
  return JSON.parse(stdout) as Record<string, Verdict>;
}

function compare(gdal: Verdict, ours: Answer): { outcome: Row['outcome']; detail: string } {
  if (ours.reason === 'hang' || ours.reason === 'crash') {
    return { outcome: ours.reason, detail: ours.stack ?? ours.message ?? '' };
  }
  if (ours.reason) return { outcome: 'refused', detail: `${ours.reason}: ${ours.message}` };
  if (gdal.error) return { outcome: 'different', detail: `read, but GDAL says ${gdal.error}` };
  const differences: string[] = [];
  for (const key of ['width', 'height', 'bands', 'epsg', 'nodata', 'md5'] as const) {
    if (ours[key] !== gdal[key]) differences.push(`${key} ${ours[key]} not ${gdal[key]}`);
  }
  if (!sameTransform(ours.geotransform ?? null, gdal.geotransform ?? null)) {
    differences.push(`geotransform ${ours.geotransform} not ${gdal.geotransform}`);
  }
  return differences.length === 0
    ? { outcome: 'equal', detail: '' }
    : { outcome: 'different', detail: differences.join('; ') };
}

/** GDAL's identity stands for none. Both compute in double precision, in another order: the last digits may differ. */
function sameTransform(a: readonly number[] | null, b: readonly number[] | null): boolean {
  const none = (gt: readonly number[] | null) => !gt || gt.join() === '0,1,0,0,0,1';
  if (none(a) || none(b)) return none(a) && none(b);
  return (a ?? []).every((v, i) => Math.abs(v - (b?.[i] ?? Number.NaN)) <= 1e-12 * Math.max(1, Math.abs(v)));
}

/** Answers in order; a file that is late gets `hang` and a new child reads on. */
async function readAll(paths: readonly string[]): Promise<Answer[]> {
  const answers: Answer[] = [];
  while (answers.length < paths.length) {
    const child = spawn(
      process.execPath,
      ['--max-old-space-size=512', join(import.meta.dirname, 'readOne.ts')],
      {
        stdio: ['pipe', 'pipe', 'inherit'],
      },
    );
    const lines = createInterface({ input: child.stdout as NonNullable<ChildProcess['stdout']> });
    const reading = lines[Symbol.asyncIterator]();
    let alive = true;
    let first = true;
    while (alive && answers.length < paths.length) {
      child.stdin?.write(`${paths[answers.length]}\n`);
      // The first file of a child also waits for the child to start.
      const line = await within(secondsEach + (first ? 10 : 0), reading.next());
      first = false;
      if (line === 'late' || line.done) {
        const reason = line === 'late' ? 'hang' : 'crash';
        answers.push({
          reason,
          message: `no answer: ${reason}`,
          milliseconds: secondsEach * 1000,
          peakMiB: 0,
        });
        alive = false;
      } else answers.push(JSON.parse(line.value) as Answer);
    }
    child.kill('SIGKILL');
  }
  return answers;
}

async function within<T>(seconds: number, promise: Promise<T>): Promise<T | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), seconds * 1000);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
