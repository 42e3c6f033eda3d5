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
  /** What was found, with the numbers of the rows: the statement of the study's file. */
  statement(rows: readonly Row[]): string;
  /** A table, as Markdown. */
  table(rows: readonly Row[]): string;
  /** How to read it, and what it does not say. */
  limits: string;
  figure(rows: readonly Row[]): Figure;
}
