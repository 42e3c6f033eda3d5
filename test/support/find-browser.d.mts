/** The path of an installed Chromium, or null. */
export function findBrowser(): string | null;
/** The path of a Chromium, installing one if need be. */
export function ensureBrowser(say?: (line: string) => void): string;
