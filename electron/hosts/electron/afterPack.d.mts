/** Resolves and loads the worker's modules from `folder`; see afterPack.mjs. */
export function checkLayout(folder: string, load?: boolean): Promise<string[]>;
