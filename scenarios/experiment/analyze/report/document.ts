/** A report before it is HTML, Markdown or LaTeX. */
import type { Figure } from '../figures/index.js';

/** A table; cells are plain text. */
export interface ReportTable {
  kind: 'table';
  /** Its name in LaTeX: `tab:effects`. */
  name: string;
  caption: string;
  head: readonly string[];
  /** `l` for words, `r` for numbers, one a column. */
  align: string;
  rows: readonly (readonly string[])[];
  /** Folded away in HTML: long, and there for reference. */
  folded?: boolean;
}

/** A part of a section. */
export type Block =
  /** A paragraph, with a word in bold to open it. */
  | { kind: 'text'; text: string; lead?: string }
  | { kind: 'list'; items: readonly string[] }
  /** Names with what they stand for. */
  | { kind: 'facts'; rows: readonly (readonly [string, string])[] }
  | { kind: 'figures'; figures: readonly Figure[] }
  | ReportTable;

/** A section. */
export interface Section {
  id: string;
  title: string;
  blocks: readonly Block[];
}

/** A report. */
export interface ReportDocument {
  title: string;
  question: string;
  sections: readonly Section[];
}
