import type { App } from '../state/app.svelte.ts';
import { t } from '../texts/texts.ts';

/** Puts the report for whoever helps on the clipboard, and says so. */
export async function copyDiagnostics(app: App): Promise<void> {
  await app.notices.attempt(t.settings.diagnostics.failed, async () => {
    await navigator.clipboard.writeText(await app.settings.diagnostics());
    app.notices.tell(t.settings.diagnostics.copied);
  });
}

/** Hands the report over as a file. */
export async function saveDiagnostics(app: App): Promise<void> {
  await app.notices.attempt(t.settings.diagnostics.failed, async () => {
    const text = await app.settings.diagnostics();
    const address = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
    const link = document.createElement('a');
    link.href = address;
    link.download = 'swath-diagnostics.txt';
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  });
}
