/**
 * Seeded random numbers: xoshiro128** (Blackman and Vigna 2018), seeded by SplitMix32 over a hash of the seed's parts.
 * The whole state is four 32-bit words, so a checkpoint stores it and resumes bit-equal. No Math.random in the house.
 */
export interface Prng {
  /** Uniform in [0, 1) with 24 bits: exact in float32. */
  uniform(): number;
  /** Uniform 32-bit unsigned integer. */
  uint32(): number;
  /** Uniform integer in [0, n), without modulo bias. */
  integer(n: number): number;
  /** Standard normal (Box and Muller), stateless between calls. */
  normal(): number;
  state(): readonly [number, number, number, number];
}

function mix(h: number, word: number): number {
  let k = Math.imul(h ^ word, 0x9e3779b1);
  k = Math.imul(k ^ (k >>> 16), 0x85ebca6b);
  k = Math.imul(k ^ (k >>> 13), 0xc2b2ae35);
  return (k ^ (k >>> 16)) >>> 0;
}

/** One 32-bit seed from many parts (numbers or strings): (run seed, epoch, sample index) is a stream of its own. */
export function hashSeed(...parts: (number | string)[]): number {
  let h = 0x811c9dc5;
  for (const part of parts) {
    if (typeof part === 'number') {
      h = mix(h, part >>> 0);
      h = mix(h, Math.floor(part / 2 ** 32) >>> 0);
    } else {
      h = mix(h, part.length);
      for (let i = 0; i < part.length; i++) h = mix(h, part.charCodeAt(i));
    }
  }
  return h;
}

export function prngFrom(...parts: (number | string)[]): Prng {
  let x = hashSeed(...parts);
  const splitmix = () => {
    x = (x + 0x9e3779b9) >>> 0;
    let z = x;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
  return prngFromState([splitmix(), splitmix(), splitmix(), splitmix()]);
}

export function prngFromState(state: readonly [number, number, number, number]): Prng {
  let [a, b, c, d] = state;
  const rotl = (v: number, k: number) => ((v << k) | (v >>> (32 - k))) >>> 0;
  const uint32 = () => {
    const result = Math.imul(rotl(Math.imul(b, 5) >>> 0, 7), 9) >>> 0;
    const t = (b << 9) >>> 0;
    c = (c ^ a) >>> 0;
    d = (d ^ b) >>> 0;
    b = (b ^ c) >>> 0;
    a = (a ^ d) >>> 0;
    c = (c ^ t) >>> 0;
    d = rotl(d, 11);
    return result;
  };
  const uniform = () => (uint32() >>> 8) / 0x1000000;
  return {
    uint32,
    uniform,
    integer(n) {
      if (!Number.isInteger(n) || n < 1 || n > 0x100000000)
        throw new RangeError(`integer(n) needs 1 ≤ n ≤ 2^32, not ${n}`);
      const limit = Math.floor(0x100000000 / n) * n;
      let v = uint32();
      while (v >= limit) v = uint32();
      return v % n;
    },
    normal() {
      // 1 - u lies in (0, 1], so the logarithm is finite.
      const r = Math.sqrt(-2 * Math.log(1 - uniform()));
      return r * Math.cos(2 * Math.PI * uniform());
    },
    state: () => [a, b, c, d],
  };
}

/** Shuffles in place (Fisher and Yates) and returns the same array. */
export function shuffle<T>(items: T[], prng: Prng): T[] {
  for (let i = items.length - 1; i > 0; i--) {
    const j = prng.integer(i + 1);
    const item = items[i] as T;
    items[i] = items[j] as T;
    items[j] = item;
  }
  return items;
}
