/** YAML that remembers where everything stood, for messages that point there. */
import { isMap, isNode, isPair, isScalar, LineCounter } from 'yaml';
import type { Document } from 'yaml';
import { UserError } from '../../sim/kernel/index.js';
import type { Issue, Path } from './issue.js';
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
  return { written, place: (issue) => `${fileName}:${position(document, lines, issue)} ` };
}

/** Finds the line and column of an issue: of its value, its key, or the nearest thing around it. */
function position(document: Document, lines: LineCounter, issue: Issue): string {
  const offset = offsetOf(document, issue.path, issue.isKey === true);
  const { line, col } = lines.linePos(offset);
  return `${line}:${col}`;
}

function offsetOf(document: Document, path: Path, isKey: boolean): number {
  if (isKey) {
    const parent = document.getIn(path.slice(0, -1), true);
    if (isMap(parent)) {
      for (const pair of parent.items) {
        if (!isPair(pair) || !isScalar(pair.key)) continue;
        if (String(pair.key.value) === path[path.length - 1] && pair.key.range)
          return pair.key.range[0];
      }
    }
  }
  for (let length = path.length; length >= 0; length--) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}
