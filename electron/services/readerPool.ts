import type { RasterReader } from '../raster/types.ts';

/**
 * A few rasters kept open between tiles. A reader that is thrown out is closed when the last read of it has ended.
 * `open` is asked once per key, however many wait.
 */
export interface ReaderPool {
  use<T>(
    key: string,
    open: () => Promise<RasterReader>,
    read: (reader: RasterReader) => Promise<T>,
  ): Promise<T>;
  /** Closes what is open under keys that begin so: the raster changed, or is no longer of the project. */
  drop(prefix: string): Promise<void>;
  dispose(): Promise<void>;
}

interface Entry {
  readonly reader: Promise<RasterReader>;
  users: number;
  dropped: boolean;
}

export function createReaderPool(most = 6): ReaderPool {
  const entries = new Map<string, Entry>();

  async function close(entry: Entry): Promise<void> {
    entry.dropped = true;
    if (entry.users === 0) await entry.reader.then((reader) => reader.dispose()).catch(() => {});
  }

  function enter(key: string, open: () => Promise<RasterReader>): Entry {
    const known = entries.get(key);
    const entry = known ?? { reader: open(), users: 0, dropped: false };
    // Last in the map's order is the one used last.
    entries.delete(key);
    entries.set(key, entry);
    if (!known) entry.reader.catch(() => entries.get(key) === entry && entries.delete(key));
    for (const [oldest, other] of entries) {
      if (entries.size <= most) break;
      entries.delete(oldest);
      void close(other);
    }
    return entry;
  }

  return {
    async use(key, open, read) {
      const entry = enter(key, open);
      entry.users++;
      try {
        return await read(await entry.reader);
      } finally {
        entry.users--;
        if (entry.dropped) await close(entry);
      }
    },
    async drop(prefix) {
      const found = [...entries].filter(([key]) => key.startsWith(prefix));
      for (const [key] of found) entries.delete(key);
      await Promise.all(found.map(([, entry]) => close(entry)));
    },
    async dispose() {
      const all = [...entries.values()];
      entries.clear();
      await Promise.all(all.map(close));
    },
  };
}
