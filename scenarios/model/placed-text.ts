/** YAML that remembers where everything stood, for messages that point there. */
import { LineCounter } from 'yaml';
import { UserError } from '../../sim/kernel/index.js';
import type { Issue } from './issue.js';
import { YamlPlaces } from './yaml-places.js';
import { plainReason, readYaml, yamlFault } from './yaml-text.js';

/** Longest text, characters. */
const TEXT_MAX = 4_000_000;

/** Plain data and where it came from. */
export interface PlacedText {
  written: unknown;
  /** Returns `file:line:column ` of an issue: of its value, its key, or the nearest thing around it. */
  place(issue: Issue): string;
}

/**
 * Reads a text.
 * @param code begin of the error codes
 * @throws UserError `<code>/size`, `<code>/syntax` with its place
 */
export function readPlaced(text: string, fileName: string, code = 'scenario'): PlacedText {
  if (text.length > TEXT_MAX) {
    const was = `${text.length} characters`;
    throw new UserError(`${code}/size`, `${fileName}: was ${was}, must be at most ${TEXT_MAX}`);
  }
  const lines = new LineCounter();
  if (text.includes('\0')) {
    const must = 'was binary or UTF-16, must be text in UTF-8';
    throw new UserError(`${code}/syntax`, `${fileName}:1:1 YAML: ${must}`);
  }
  const document = readYaml(text, lines);
  const wrong = yamlFault(document);
  if (wrong !== undefined) {
    const { line, col } = lines.linePos(wrong.offset);
    throw new UserError(`${code}/syntax`, `${fileName}:${line}:${col} YAML: ${wrong.reason}`);
  }
  let written: unknown;
  try {
    written = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw new UserError(`${code}/syntax`, `${fileName}:1:1 YAML: ${plainReason(error)}`);
  }
  const places = new YamlPlaces(text, document, lines);
  return { written, place: (issue) => `${fileName}:${places.textOf(issue)} ` };
}
