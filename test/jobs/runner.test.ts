import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../electron/base/errors.ts';
import { childSpawn } from '../../electron/hosts/spawn.ts';
import type { Spawn, WorkerHandle } from '../../electron/jobs/protocol.ts';
import { createRunner, type Lane, type Runner } from '../../electron/jobs/runner.ts';

/** Real processes: what is promised is about processes that die. */
const spawnBad = childSpawn(new URL('./misbehaving.worker.ts', import.meta.url));

let workers: WorkerHandle[] = [];
let runner: Runner;
const spawn: Spawn = () => {
  const worker = spawnBad();
  workers.push(worker);
  return worker;
};

beforeEach(() => {
  workers = [];
  runner = createRunner({ spawn });
});
afterEach(() => runner.dispose());

let count = 0;
function submit(payload: unknown, { lane = 'heavy' as Lane, id = `job-${++count}`, ...listener } = {}) {
  return runner.submit({ id, folder: `/folder/of/${id}`, payload }, lane, listener);
}

/** The AppError a promise rejects with. */
async function failure(promise: Promise<unknown>): Promise<AppError> {
  const error = await promise.then(
    () => new Error('it succeeded'),
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(AppError);
  return error as AppError;
}

/** Resolves at the first progress: the worker is in the middle of its job. */
function underWay(payload: unknown, id: string) {
  const { promise: began, resolve } = Promise.withResolvers<void>();
  const ended = submit(payload, { id, progress: () => resolve() } as never);
  ended.catch(() => {});
  return { began, ended };
}

describe('createRunner', () => {
  it('answers with the result, the peak memory, and tells of the start and the progress', async () => {
    const seen: string[] = [];
    const outcome = await runner.submit(
      { id: 'a', folder: '/f', payload: { do: 'answer', value: 42 } },
      'heavy',
      { started: () => seen.push('started'), progress: (p) => seen.push(p.stage) },
    );
    expect(outcome.result).toMatchObject({ value: 42 });
    expect(outcome.peakRssBytes).toBeGreaterThan(10_000_000);
    expect(seen).toEqual(['started', '/f']);
  });

  it('delivers every event before the end, in order', async () => {
    const seen: unknown[] = [];
    const outcome = await runner.submit(
      { id: 'b', folder: '/f', payload: { do: 'many', count: 2000 } },
      'heavy',
      {
        event: (_, data) => seen.push(data),
      },
    );
    expect(outcome.result).toBe(2000);
    expect(seen).toEqual(Array.from({ length: 2000 }, (_, i) => i));
  });

  it("rejects with the worker's own error", async () => {
    const error = await failure(submit({ do: 'fail' }));
    expect(error).toMatchObject({ code: 'mismatch', message: 'Bands differ', subject: 'scene-1' });
  });

  it('names the exit code of a worker that ends without an answer', async () => {
    const error = await failure(submit({ do: 'exit', code: 3 }));
    expect(error.code).toBe('worker-died');
    expect(error.message).toContain('exit code 3');
  });

  it('calls a full heap by its name', async () => {
    const words = 'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory';
    const error = await failure(submit({ do: 'exit', code: 134, words }));
    expect(error.code).toBe('out-of-memory');
    expect(error.remedy).toContain('smaller batch');
  });

  it('quotes the error that brought the worker down', async () => {
    const error = await failure(submit({ do: 'throw' }));
    expect(error.code).toBe('worker-died');
    expect(error.message).toContain('unexpected end of the world');
  });

  it('says within a second that a worker was killed, and runs the next job', async () => {
    const { began, ended } = underWay({ do: 'busy' }, 'victim');
    const next = submit({ do: 'answer', value: 'next' });
    await began;
    const killed = performance.now();
    process.kill(workers[0]?.pid ?? -1, 'SIGKILL');
    const error = await failure(ended);
    expect(performance.now() - killed).toBeLessThan(1000);
    expect(error.code).toBe('worker-died');
    expect(error.message).toContain('SIGKILL');
    expect((await next).result).toMatchObject({ value: 'next' });
  });

  it('cancels a worker that listens, without killing it', async () => {
    const { began, ended } = underWay({ do: 'wait' }, 'polite');
    await began;
    expect(runner.cancel('polite', 'No longer needed')).toBe(true);
    const error = await failure(ended);
    expect(error).toMatchObject({ code: 'cancelled', message: 'No longer needed' });
  });

  it('cancels a worker that never listens, within a second', async () => {
    const { began, ended } = underWay({ do: 'busy' }, 'deaf');
    await began;
    const asked = performance.now();
    runner.cancel('deaf');
    expect((await failure(ended)).code).toBe('cancelled');
    expect(performance.now() - asked).toBeLessThan(1000);
    expect(() => process.kill(workers[0]?.pid ?? -1, 0)).toThrow(/ESRCH/);
  });

  it('waits for a worker that has something to save, as long as its job was given', async () => {
    const ended = submit({ do: 'busy' }, { id: 'saving', graceMs: 1600 } as never);
    await new Promise((resolve) => setTimeout(resolve, 600));
    const asked = performance.now();
    runner.cancel('saving');
    expect((await failure(ended)).code).toBe('cancelled');
    expect(performance.now() - asked).toBeGreaterThan(1400);
  });

  it('cancels a queued job without starting it', async () => {
    const { began, ended } = underWay({ do: 'wait' }, 'first');
    const second = submit({ do: 'answer' }, { id: 'second' });
    await began;
    expect(runner.cancel('second')).toBe(true);
    expect((await failure(second)).code).toBe('cancelled');
    expect(workers).toHaveLength(1);
    runner.cancel('first');
    await failure(ended);
  });

  it('does not know a job that ended', async () => {
    await submit({ do: 'answer' }, { id: 'gone' });
    expect(runner.cancel('gone')).toBe(false);
    expect(runner.cancel('never')).toBe(false);
  });

  it('runs heavy jobs one at a time, each in a process of its own, and a light one beside them', async () => {
    const order: string[] = [];
    const job = (id: string, lane: Lane, afterMs: number) =>
      runner
        .submit({ id, folder: '/f', payload: { do: 'answer', afterMs } }, lane, {
          started: () => order.push(id),
        })
        .then((o) => {
          order.push(`${id} done`);
          return (o.result as { pid: number }).pid;
        });
    const pids = await Promise.all([job('h1', 'heavy', 600), job('h2', 'heavy', 0), job('l1', 'light', 0)]);
    expect(new Set(pids).size).toBe(3);
    expect(order.indexOf('h2')).toBeGreaterThan(order.indexOf('h1 done'));
    expect(order.indexOf('l1')).toBeLessThan(order.indexOf('h1 done'));
  });

  it('keeps the console of a worker away from stdout', async () => {
    const written: string[] = [];
    const write = process.stdout.write;
    process.stdout.write = ((text: string) => written.push(text) > 0) as typeof process.stdout.write;
    try {
      await submit({ do: 'print' });
    } finally {
      process.stdout.write = write;
    }
    expect(written.join('')).not.toContain('must not reach');
  });

  it('settles everything when disposed, leaves no process, and takes nothing more', async () => {
    const { began, ended } = underWay({ do: 'busy' }, 'long');
    const queued = failure(submit({ do: 'answer' }));
    await began;
    await runner.dispose();
    expect((await failure(ended)).code).toBe('cancelled');
    expect((await queued).code).toBe('cancelled');
    expect((await failure(submit({ do: 'answer' }))).code).toBe('cancelled');
    for (const { pid } of workers) expect(() => process.kill(pid ?? -1, 0)).toThrow(/ESRCH/);
  });

  it('reports a worker that cannot be started', async () => {
    const broken = createRunner({
      spawn: () => {
        throw new Error('EAGAIN: no more processes');
      },
    });
    const error = await failure(broken.submit({ id: 'x', folder: '/f', payload: null }, 'heavy'));
    expect(error.code).toBe('worker-died');
    expect(error.message).toContain('EAGAIN');
    await broken.dispose();
  });
});
