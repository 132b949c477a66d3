import type { FromWorker, ToWorker } from '../../electron/jobs/protocol.ts';

/** A worker that does what its payload says, well or badly. */
type Payload =
  | { do: 'answer'; value: unknown; afterMs?: number }
  | { do: 'fail' }
  | { do: 'exit'; code: number; words?: string }
  | { do: 'throw' }
  | { do: 'busy' }
  | { do: 'wait' }
  | { do: 'many'; count: number }
  | { do: 'print' };

const say = (message: FromWorker) => process.send?.(message);
let stop = () => {};

process.on('message', (message: ToWorker) => {
  if (message.type === 'cancel') {
    stop();
    return;
  }
  if (message.type === 'ask') {
    answer(message.number, message.question as { echo: unknown } | { refuse: string } | { die: number });
    return;
  }
  act(message.request.payload as Payload, message.request.folder);
});

function answer(number: number, question: { echo: unknown } | { refuse: string } | { die: number }): void {
  if ('echo' in question) say({ type: 'answer', number, answer: question.echo });
  else if ('refuse' in question)
    say({ type: 'refused', number, error: { code: 'bad-input', message: question.refuse } });
  else process.exit(question.die);
}

function act(payload: Payload, folder: string): void {
  say({
    type: 'progress',
    progress: {
      stage: folder,
      done: 1,
      total: 2,
      unit: 'steps',
      rate: null,
      secondsLeft: null,
      rssBytes: process.memoryUsage.rss(),
    },
  });
  switch (payload.do) {
    case 'answer':
      setTimeout(
        () =>
          say({
            type: 'done',
            result: { value: payload.value, pid: process.pid },
            peakRssBytes: process.memoryUsage.rss(),
          }),
        payload.afterMs ?? 0,
      );
      break;
    case 'fail':
      say({
        type: 'failed',
        error: { code: 'mismatch', message: 'Bands differ', subject: 'scene-1', remedy: 'x' },
      });
      break;
    case 'exit':
      console.error(payload.words ?? '');
      process.exitCode = payload.code;
      process.disconnect?.();
      break;
    case 'throw':
      setTimeout(() => {
        throw new Error('unexpected end of the world');
      });
      break;
    case 'busy':
      for (;;);
    case 'wait': {
      const timer = setInterval(() => {}, 1000);
      stop = () => {
        clearInterval(timer);
        say({ type: 'failed', error: { code: 'cancelled', message: 'Stopped' } });
      };
      break;
    }
    case 'many':
      for (let i = 0; i < payload.count; i++) say({ type: 'event', name: 'metrics', data: i });
      say({ type: 'done', result: payload.count, peakRssBytes: 1 });
      break;
    case 'print':
      console.log('this must not reach the stdout of the app');
      say({ type: 'done', result: null, peakRssBytes: 1 });
      break;
  }
}
