import type { Table } from '../../electron/contract/events.ts';

/**
 * Reads tables again, each at most once at a time: a burst of changes costs one reading, and a change that arrives
 * while its table is being read causes exactly one more.
 */
export function createRefresher(
  read: Readonly<Record<Table, () => Promise<void>>>,
  onError: (error: unknown) => void,
): (tables: readonly Table[]) => Promise<void> {
  const reading = new Map<Table, Promise<void>>();
  const again = new Set<Table>();

  async function readUntilClean(table: Table) {
    do {
      again.delete(table);
      try {
        await read[table]();
      } catch (error) {
        onError(error);
      }
    } while (again.has(table));
    reading.delete(table);
  }

  return async (tables) => {
    const started = tables.map((table) => {
      const current = reading.get(table);
      if (current) {
        again.add(table);
        return current;
      }
      const fresh = readUntilClean(table);
      reading.set(table, fresh);
      return fresh;
    });
    await Promise.all(started);
  };
}
