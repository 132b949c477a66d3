/** One function per kind of answer: a call, the event stream, bytes, a file of the renderer. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import { AppError, type ErrorCode, toErrorRecord } from '../../base/errors.ts';
import { rendererFile } from '../rendererFile.ts';
import type { WebApp } from './webApp.ts';

/** A call's parameters: geometries of thousands of fields fit, a flood does not. */
const maxBodyBytes = 32 * 1024 * 1024;

export async function answerCall(
  app: WebApp,
  method: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== 'POST') {
    sendJson(response, 405, { error: { code: 'usage', message: 'Calls are POST' } });
    return;
  }
  try {
    const params: unknown = parseJson(await readBody(request));
    sendJson(response, 200, { result: await app.call(method, params) });
  } catch (error) {
    const record = toErrorRecord(error);
    // What was not read of a refused call must not be taken for the next one on this connection.
    if (!request.complete) response.setHeader('connection', 'close');
    sendJson(response, statusOf(record.code), { error: { ...record, stack: undefined } });
  }
}

function parseJson(text: string): unknown {
  try {
    return text === '' ? {} : JSON.parse(text);
  } catch (cause) {
    throw new AppError('usage', 'The call is not JSON', {
      remedy: 'Send the parameters as a JSON object.',
      cause,
    });
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBodyBytes) {
      throw new AppError('usage', `The call is larger than ${maxBodyBytes} bytes`, {
        remedy: 'Send less at once.',
      });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Server-sent events; a comment every 20 s keeps proxies and sleeping laptops from closing the stream. */
export function answerEvents(app: WebApp, request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.write(': open\n\n');
  const unsubscribe = app.subscribe((event) => {
    response.write(`data: ${JSON.stringify(event)}\n\n`);
  });
  const beat = setInterval(() => response.write(': beat\n\n'), 20_000);
  request.on('close', () => {
    clearInterval(beat);
    unsubscribe();
  });
}

export async function answerBytes(
  app: WebApp,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const abort = new AbortController();
  response.on('close', () => abort.abort());
  const headers = new Headers();
  for (const name of ['if-none-match', 'range'] as const) {
    const value = request.headers[name];
    if (typeof value === 'string') headers.set(name, value);
  }
  const answer = await app.handleBytes(
    new Request(url, { method: request.method ?? 'GET', headers, signal: abort.signal }),
  );
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  if (!answer.body || request.method === 'HEAD') {
    response.end();
    return;
  }
  // A reader that goes away in the middle is not an error of ours.
  await pipeline(Readable.fromWeb(answer.body as NodeReadableStream), response).catch(() => {});
}

/** A file of the built renderer. What does not lie inside the folder is not found. */
export async function answerFile(
  folder: string,
  pathname: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const file = rendererFile(folder, pathname);
  const found = file && (await stat(file.path).catch(() => undefined));
  if (!file || !found?.isFile() || (request.method !== 'GET' && request.method !== 'HEAD')) {
    sendJson(response, 404, { error: { code: 'not-found', message: `Nothing at ${pathname}` } });
    return;
  }
  // Built file names carry a hash of their content, except the page itself.
  const cache = file.inside.startsWith('assets') ? 'public, max-age=31536000, immutable' : 'no-cache';
  response.writeHead(200, {
    'content-type': file.type,
    'content-length': found.size,
    'cache-control': cache,
  });
  if (request.method === 'HEAD') response.end();
  else await pipeline(createReadStream(file.path), response).catch(() => {});
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  if (response.destroyed) return;
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

function statusOf(code: ErrorCode): number {
  if (code === 'usage') return 400;
  if (code === 'not-found') return 404;
  if (code === 'locked' || code === 'exists' || code === 'mismatch') return 409;
  if (code === 'internal') return 500;
  return 422;
}
