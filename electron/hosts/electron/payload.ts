/** A call's parameters: geometries of thousands of fields fit, a flood does not. */
const most = 32 * 1024 * 1024;

/** Whether a value is larger than a call may be, counting letters and eight bytes per number; stops as soon as it is. */
export function isOversized(value: unknown, limit = most): boolean {
  let left = limit;
  const waiting: unknown[] = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next === 'string') left -= next.length;
    else if (ArrayBuffer.isView(next) || next instanceof ArrayBuffer) left -= next.byteLength;
    else if (Array.isArray(next)) for (const part of next) waiting.push(part);
    else if (typeof next === 'object' && next !== null)
      for (const [key, part] of Object.entries(next)) {
        left -= key.length;
        waiting.push(part);
      }
    left -= 8;
    if (left < 0) return true;
  }
  return false;
}
