/** What is asked of a standing job: held until its body answers, then answered one after another. */
import { toErrorRecord } from '../base/errors.ts';
import type { StandingContext, ToWorker } from '../jobs/protocol.ts';
import type { WorkPort } from './serve.ts';

type Question = Extract<ToWorker, { type: 'ask' }>;

export interface Questions extends Pick<StandingContext, 'answerWith'> {
  take(question: Question): void;
}

export function createQuestions(port: Pick<WorkPort, 'send'>, signal: AbortSignal): Questions {
  const waiting: Question[] = [];
  let wake = () => {};
  return {
    take(question) {
      waiting.push(question);
      wake();
    },
    async answerWith(answer) {
      signal.addEventListener('abort', () => wake(), { once: true });
      while (!signal.aborted) {
        const next = waiting.shift();
        if (!next) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
          continue;
        }
        const { number, question } = next;
        try {
          await port.send({ type: 'answer', number, answer: await answer(question) });
        } catch (error) {
          await port.send({ type: 'refused', number, error: toErrorRecord(error) });
        }
      }
    },
  };
}
