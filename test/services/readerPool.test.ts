import { describe, expect, it } from 'vitest';
import type { RasterReader } from '../../electron/raster/types.ts';
import { createReaderPool } from '../../electron/services/readerPool.ts';

/** A reader that counts how often it was opened and closed: the pool promises exactly that. */
function counted() {
  const log: string[] = [];
  const open = (name: string) => async () => {
    log.push(`open ${name}`);
    return { dispose: async () => void log.push(`close ${name}`) } as unknown as RasterReader;
  };
  return { log, open };
}
const nothing = async () => {};

describe('createReaderPool', () => {
  it('opens a file once for all who ask at the same time', async () => {
    const { log, open } = counted();
    const pool = createReaderPool();
    await Promise.all([1, 2, 3].map(() => pool.use('a', open('a'), nothing)));
    await pool.dispose();
    expect(log).toEqual(['open a', 'close a']);
  });

  it('closes the one used longest ago', async () => {
    const { log, open } = counted();
    const pool = createReaderPool(2);
    for (const name of ['a', 'b', 'a', 'c']) await pool.use(name, open(name), nothing);
    expect(log).toEqual(['open a', 'open b', 'open c', 'close b']);
    await pool.dispose();
  });

  it('never closes a file that is being read', async () => {
    const { log, open } = counted();
    const pool = createReaderPool(1);
    const { promise, resolve } = Promise.withResolvers<void>();
    const reading = pool.use('a', open('a'), () => promise);
    await pool.use('b', open('b'), nothing);
    await pool.drop('a');
    expect(log).not.toContain('close a');
    resolve();
    await reading;
    expect(log.filter((line) => line === 'close a')).toHaveLength(1);
    await pool.dispose();
  });

  it('asks again for a file that could not be opened', async () => {
    const { open } = counted();
    const pool = createReaderPool();
    const broken = () => Promise.reject(new Error('no such file'));
    await expect(pool.use('a', broken, nothing)).rejects.toThrow('no such file');
    await expect(pool.use('a', open('a'), async () => 'read')).resolves.toBe('read');
    await pool.dispose();
  });
});
