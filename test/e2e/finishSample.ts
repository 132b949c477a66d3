/** Takes the sample project to a finished map and an assessment through the app's own calls: raw bands, so seconds. */
import { setTimeout as wait } from 'node:timers/promises';

type Call = <T>(method: string, params?: unknown) => Promise<T>;

export function caller(url: string): Call {
  const { origin, searchParams } = new URL(url);
  return async <T>(method: string, params: unknown = {}): Promise<T> => {
    const answer = await fetch(`${origin}/api/${method}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${searchParams.get('token')}`, 'content-type': 'application/json' },
      body: JSON.stringify(params),
    });
    const body = (await answer.json()) as { result: T; error?: { message: string } };
    if (body.error) throw new Error(`${method}: ${body.error.message}`);
    return body.result;
  };
}

/** Runs a job and waits for its end; returns what it produced. */
async function finish(call: Call, method: string, params: unknown): Promise<string> {
  const { id } = await call<{ id: string }>(method, params);
  for (;;) {
    const run = await call<{ state: string; reason: string | null }>('runs.get', { run: id });
    if (run.state === 'done') return id;
    if (run.state !== 'queued' && run.state !== 'running')
      throw new Error(`${method}: ${run.state}, ${run.reason}`);
    await wait(200);
  }
}

export async function finishSample(url: string): Promise<void> {
  const call = caller(url);
  await call('project.sample');
  await finish(call, 'models.train', { encoder: 'none', perClass: 40 });
  const [model] = await call<{ id: string }[]>('models.list');
  await finish(call, 'maps.create', { model: model?.id });
  const [map] = await call<{ id: string }[]>('maps.list');
  await finish(call, 'assessments.create', { map: map?.id, reference: { from: 'held-out' } });
}
