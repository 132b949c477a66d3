import { isNews, type Run } from '../../electron/contract/run.ts';
import { t } from '../texts/texts.ts';

/** Asks the browser, which asks its user once. */
export async function mayNotify(): Promise<boolean> {
  if (!('Notification' in window)) return false;
  return (await Notification.requestPermission()) === 'granted';
}

/** Tells on the desktop that a job has ended, while another window is in front and the browser may. */
export function notifyEnd(run: Run): void {
  if (!isNews(run) || document.hasFocus()) return;
  if (!('Notification' in window) || Notification.permission !== 'granted') return;
  const note = new Notification(`${t.shell.runKinds[run.kind]}: ${t.shell.runStates[run.state]}`, {
    body: run.reason ?? run.method ?? '',
    tag: run.id,
  });
  note.onclick = () => window.focus();
}
