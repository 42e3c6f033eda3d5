/** YAML as scenarios and settings are written in, and what is wrong with it in plain words. */
import { parseDocument } from 'yaml';
import type { Document, LineCounter } from 'yaml';

/** What is wrong with a text, and where. */
export interface YamlFault {
  offset: number;
  reason: string;
}

/** Words of the parser that mean little to whoever wrote the text. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/multiple documents/, 'was more than one document (---), must be one'],
  [/call stack/, 'was nested too deeply'],
  [/all keys must be strings/, 'key was a sequence or a mapping, must be a word'],
  [/Excessive alias count/, 'was more than the aliases (*name) allowed, must repeat less'],
];

/** Reads a text; keys are words, and nothing is merged or fetched. */
export function readYaml(text: string, lineCounter?: LineCounter): Document {
  const lines = lineCounter === undefined ? {} : { lineCounter };
  return parseDocument(text, {
    ...lines,
    prettyErrors: false,
    merge: false,
    stringKeys: true,
    logLevel: 'error',
  });
}

/** Returns the first thing that is wrong with the text of a document. */
export function yamlFault(document: Document): YamlFault | undefined {
  const wrong = document.errors[0];
  if (wrong === undefined) return undefined;
  return { offset: wrong.pos[0], reason: plainReason(wrong) };
}

/** Returns an error's reason in plain words, on one line. */
export function plainReason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const known = REASONS.find(([pattern]) => pattern.test(message));
  return known === undefined ? message.split('\n')[0] : known[1];
}
