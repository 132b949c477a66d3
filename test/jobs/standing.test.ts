/** A process that stays and answers, with real processes. */
import { afterEach, describe, expect, it } from 'vitest';
import { childSpawn } from '../../electron/hosts/spawn.ts';
import { type Standing, startStanding } from '../../electron/jobs/standing.ts';

const spawn = childSpawn(new URL('./misbehaving.worker.ts', import.meta.url));
let standing: Standing | null = null;
function start(): Standing {
  standing = startStanding(spawn, { id: 'live', folder: '/f', payload: { do: 'wait' } });
  return standing;
}
afterEach(() => standing?.dispose());

describe('a standing job', () => {
  it('answers each question with its own answer, bytes as bytes', async () => {
    const job = start();
    const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i % 256);
    const answers = await Promise.all(['a', { b: 1 }, bytes].map((echo) => job.ask({ echo })));
    expect(answers).toEqual(['a', { b: 1 }, bytes]);
    expect(answers[2]).toBeInstanceOf(Uint8Array);
  });

  it('refuses one question and answers the next', async () => {
    const job = start();
    await expect(job.ask({ refuse: 'no such tile' })).rejects.toMatchObject({
      code: 'bad-input',
      message: 'no such tile',
    });
    expect(await job.ask({ echo: 1 })).toBe(1);
    expect(job.ended).toBe(false);
  });

  it('rejects what was asked of a process that died, and everything after', async () => {
    const job = start();
    const died = { code: 'worker-died', subject: 'live' };
    await expect(job.ask({ die: 3 })).rejects.toMatchObject(died);
    expect(job.ended).toBe(true);
    await expect(job.ask({ echo: 1 })).rejects.toMatchObject(died);
  });

  it('settles what is under way when it is no longer wanted', async () => {
    const job = start();
    const asked = job.ask({ echo: 1 });
    const settled = expect(asked).rejects.toMatchObject({ code: 'cancelled' });
    await job.dispose();
    await settled;
  });
});
