import { type ErrorRecord, reviveError } from '../../electron/base/errors.ts';

export type BytesUrl = (path: string) => string;

/** The bytes behind a path; rejects with the app's own error. */
export async function fetchBytes(url: string, signal?: AbortSignal): Promise<ArrayBuffer> {
  const response = await fetch(url, { credentials: 'same-origin', ...(signal ? { signal } : {}) });
  if (response.ok) return response.arrayBuffer();
  throw reviveError(await readRecord(response), url);
}

async function readRecord(response: Response): Promise<ErrorRecord> {
  try {
    const body = (await response.json()) as { error?: ErrorRecord };
    if (body.error) return body.error;
  } catch {
    // Not JSON: the status says what there is to say.
  }
  return { code: 'internal', message: `The tile could not be read (status ${response.status})` };
}
