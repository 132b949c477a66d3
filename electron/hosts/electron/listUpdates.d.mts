/** What updates.json says of an installer; nothing for other files. */
export function entryOf(path: string): { name: string; platform: string; arch: string; sha512: string }[];
export default function listUpdates(made: { outDir: string; artifactPaths: readonly string[] }): string[];
