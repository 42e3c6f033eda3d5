/** Finds where something stands in a scenario's text. */
import { isMap, isNode, isPair, isScalar, LineCounter } from 'yaml';
import type { Document } from 'yaml';
import type { Issue, Path } from './issue.js';
import { readYaml } from './yaml-text.js';

/** A place in a text; both counted from 1. */
export interface TextPlace {
  line: number;
  column: number;
}

/** Returns where the value at a path stands in the text of a scenario that parses. */
export function placeIn(text: string, path: Path, column = 1): TextPlace {
  const lines = new LineCounter();
  return new YamlPlaces(text, readYaml(text, lines), lines).of(path, { column });
}

/** The places of a document's values. */
export class YamlPlaces {
  readonly #text: string;
  readonly #document: Document;
  readonly #lines: LineCounter;

  constructor(text: string, document: Document, lines: LineCounter) {
    this.#text = text;
    this.#document = document;
    this.#lines = lines;
  }

  /** Writes an issue's place as `line:column`: of its word, value, key, or the nearest thing around. */
  textOf({ path, isKey, column }: Issue): string {
    const place = this.of(path, { isKey, column });
    return `${place.line}:${place.column}`;
  }

  /** Returns the place of a value, of its key, or of a column within its text. */
  of(path: Path, at: Pick<Issue, 'isKey' | 'column'> = {}): TextPlace {
    const offset = this.#offsetOf(path, at.isKey === true) + this.#inside(path, at.column ?? 1);
    const { line, col } = this.#lines.linePos(offset);
    return { line, column: col };
  }

  /** Returns how far a column is from the start of a text, 0 where it was folded or escaped. */
  #inside(path: Path, column: number): number {
    const node = column > 1 ? this.#document.getIn(path, true) : undefined;
    if (!isScalar(node) || typeof node.value !== 'string' || !node.range) return 0;
    const quote = /^QUOTE_/.test(node.type ?? '') ? 1 : 0;
    const isWhole = this.#text.startsWith(node.value, node.range[0] + quote);
    return isWhole ? quote + column - 1 : 0;
  }

  #offsetOf(path: Path, isKey: boolean): number {
    if (isKey) {
      const parent = this.#document.getIn(path.slice(0, -1), true);
      if (isMap(parent)) {
        for (const pair of parent.items) {
          if (!isPair(pair) || !isScalar(pair.key)) continue;
          if (String(pair.key.value) === path[path.length - 1] && pair.key.range)
            return pair.key.range[0];
        }
      }
    }
    for (let length = path.length; length >= 0; length--) {
      const node =
        length === 0 ? this.#document.contents : this.#document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return node.range[0];
    }
    return 0;
  }
}
