/** What each study contributes to the page. */
import type { Figure } from './chart.js';
import type { Row } from './study-rows.js';

/** A study's part of `docs/studies.md`. */
export interface StudySection {
  study: string;
  /** What is kept of each run. */
  columns: readonly string[];
  /** The design in one line. */
  design: string;
  /** Answer, table and limits, as Markdown, with the numbers of the rows. */
  text(rows: readonly Row[]): string;
  figure(rows: readonly Row[]): Figure;
}
