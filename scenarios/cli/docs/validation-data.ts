/** What docs/validation.md is made of: scorecards and a comparison with history, as stored. */
import type { FactRow, FactValue } from '../../../sim/stylised-facts/index.js';
import type { FactsReport, HistoryReport } from '../../runtime/index.js';

/** A number as JSON holds it: null where it is undefined. */
type Stored = number | null;

/** A row of a scorecard without curves. */
export interface StoredRow extends Pick<FactRow, 'id' | 'name' | 'tier' | 'range' | 'verdict' | 'note'> {
  values: { name: string; value: Stored; low: Stored; high: Stored }[];
}

/** A scorecard. */
export interface StoredCard {
  /** What was changed, and on which seeds it was run. */
  settings: string[];
  seeds: number[];
  hashes: string[];
  returnsPerRun: number;
  takersPerRun: number;
  holds: boolean;
  rows: StoredRow[];
}

/** All of it. */
export interface ValidationData {
  scenario: string;
  cards: StoredCard[];
  history: HistoryReport;
}

/** Five digits: more than that no interval here carries. */
function rounded(value: number): Stored {
  return Number.isFinite(value) ? Number(value.toPrecision(5)) : null;
}

/** Cuts a report down to what is stored. */
export function storedCard(settings: string[], report: FactsReport): StoredCard {
  const storedValue = ({ name, value, low, high }: FactValue) => ({
    name,
    value: rounded(value),
    low: rounded(low),
    high: rounded(high),
  });
  return {
    settings,
    seeds: report.runs.map((run) => run.seed),
    hashes: report.runs.map((run) => run.hash),
    returnsPerRun: report.returnsPerRun,
    takersPerRun: Math.round(report.takersPerRun),
    holds: report.holds,
    rows: report.rows.map(({ id, name, tier, range, verdict, note, values }) => ({
      id, name, tier, range, verdict, note, values: values.map(storedValue),
    })),
  };
}

/** The file: one row of a scorecard a line. */
export function validationText(data: ValidationData): string {
  const card = ({ rows, ...rest }: StoredCard): string =>
    `{ ${JSON.stringify(rest).slice(1, -1)}, "rows": [\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n] }`;
  return [
    `{ "scenario": ${JSON.stringify(data.scenario)},`,
    `"cards": [\n${data.cards.map(card).join(',\n')}\n],`,
    `"history": ${JSON.stringify(data.history)} }\n`,
  ].join('\n');
}
