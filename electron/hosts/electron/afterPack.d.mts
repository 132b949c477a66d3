/** Returns the packages that the built files import; throws with the first that is missing, and who needs it. */
export function checkLayout(folder: string, load?: boolean): Promise<readonly string[]>;
/** Every package, with its path inside, that the built files in a folder import. */
export function importsOf(built: string): readonly string[];
