/** YAML as scenarios and settings are written in, and what is wrong with it in plain words. */
import { parseDocument, visit } from 'yaml';
import type { Document, LineCounter } from 'yaml';

/** What is wrong with a text, and where. */
export interface YamlFault {
  offset: number;
  reason: string;
}

const TAG_PREFIX = 'tag:yaml.org,2002:';

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

/** What YAML's core schema has tags for; what others mean is up to whoever reads them. */
const CORE_TAGS: ReadonlySet<string> = new Set(
  ['map', 'seq', 'str', 'null', 'bool', 'int', 'float'].map((name) => `${TAG_PREFIX}${name}`),
);

/** Returns the first thing that is wrong with the text of a document. */
export function yamlFault(document: Document): YamlFault | undefined {
  const wrong = document.errors[0];
  if (wrong !== undefined) return { offset: wrong.pos[0], reason: plainReason(wrong) };
  return unknownTag(document) ?? unresolvedTag(document);
}

/** Finds a tag whose value would be dropped or read as if the tag were not there. */
function unknownTag(document: Document): YamlFault | undefined {
  let fault: YamlFault | undefined;
  visit(document, {
    Node: (_, node) => {
      const tag = 'tag' in node ? node.tag : undefined;
      if (tag === undefined || CORE_TAGS.has(tag)) return undefined;
      fault = tagFault(tag, node.range?.[0] ?? 0);
      return visit.BREAK;
    },
  });
  return fault;
}

/** The parser warns of tags that it knows no meaning for, and leaves some of them out. */
function unresolvedTag(document: Document): YamlFault | undefined {
  const warning = document.warnings.find(({ code }) => code === 'TAG_RESOLVE_FAILED');
  if (warning === undefined) return undefined;
  const tag = /tag:?\s+(\S+)/i.exec(warning.message)?.[1] ?? '';
  return tagFault(tag, warning.pos[0]);
}

function tagFault(tag: string, offset: number): YamlFault {
  const shown = tag.startsWith(TAG_PREFIX) ? `!!${tag.slice(TAG_PREFIX.length)}` : tag;
  return { offset, reason: `was tagged ${shown}, must be written without that tag` };
}

/** Returns an error's reason in plain words, on one line. */
export function plainReason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const known = REASONS.find(([pattern]) => pattern.test(message));
  return known === undefined ? message.split('\n')[0] : known[1];
}
