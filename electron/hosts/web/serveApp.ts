/**
 * The same app over HTTP on the loopback address: JSON calls, server-sent events, byte routes and the built renderer.
 * Every request needs the session's token (as a cookie set by the first visit, or a bearer), the right Host, and, when
 * the browser states one, the right Origin: a page of another site in the same browser gets nothing.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppError, toErrorRecord } from '../../base/errors.ts';
import { answerBytes, answerCall, answerEvents, answerFile } from './answers.ts';
import { authorize, newToken } from './guard.ts';
import type { WebApp } from './webApp.ts';

export interface WebHost {
  /** With the token, for the browser. */
  readonly url: string;
  readonly port: number;
  readonly token: string;
  close(): Promise<void>;
}

/** Serves `app` until closed. `port` 0 takes a free one. Throws `bad-input` when the port is taken. */
export async function serveApp(
  app: WebApp,
  options: { port: number; host: string; rendererFolder: string; token?: string | undefined },
): Promise<WebHost> {
  const token = options.token ?? newToken();
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: { ...toErrorRecord(error), stack: undefined } }));
    });
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const port = (server.address() as AddressInfo).port;
    const verdict = authorize(request, { token, port, host: options.host });
    for (const [name, value] of Object.entries(verdict.headers)) response.setHeader(name, value);
    if (verdict.status !== 200) {
      response.writeHead(verdict.status, {
        'content-type': verdict.location ? 'text/plain' : 'application/json',
      });
      response.end(verdict.location ? '' : JSON.stringify({ error: verdict.error }));
      return;
    }
    const url = new URL(request.url ?? '/', 'http://loopback');
    if (url.pathname === '/api/events') answerEvents(app, request, response);
    else if (url.pathname.startsWith('/api/'))
      await answerCall(app, url.pathname.slice(5), request, response);
    else if (url.pathname.startsWith('/bytes/')) await answerBytes(app, url, request, response);
    else await answerFile(options.rendererFolder, url.pathname, request, response);
  }

  await listen(server, options.port, options.host);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${options.host === '0.0.0.0' ? 'localhost' : options.host}:${port}/?token=${token}`,
    port,
    token,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        // Event streams never end by themselves.
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      reject(
        new AppError(
          'bad-input',
          taken ? `Port ${port} is taken` : `Cannot listen on ${host}:${port}: ${error.message}`,
          {
            subject: `${host}:${port}`,
            remedy: 'Choose another with --port, or leave it out for a free one.',
            cause: error,
          },
        ),
      );
    });
    server.listen(port, host, () => resolve());
  });
}
