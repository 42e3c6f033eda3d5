/** The provenance of parameters: value, where it came from, and how far that is to be trusted. */
import type { Subject } from '../run/index.js';

/** One row of the table. */
export interface Parameter {
  /** Path in the scenario. */
  path: string;
  value: unknown;
  /** As the scenario states it; empty where it does not. */
  source: string;
  /** Whether a source is named, it is an assumption, or nothing is said. */
  tag: 'sourced' | 'assumption' | 'unstated';
}

/** Lists the numbers and choices of a subject as written, each with the source that covers it. */
export function parameterTable(subject: Subject): Parameter[] {
  if (subject.kind === 'function') return [];
  const { scenario } = subject;
  const rows: Parameter[] = [];
  const general = (scenario.sources ?? []).join('; ');
  for (const key of ['time', 'venue', 'faults', 'exogenous', 'dials', 'flat'] as const) {
    collect(scenario[key], key, general, rows);
  }
  scenario.population.forEach((cohort, i) => {
    const { source = '', name: _, ...rest } = cohort;
    collect(rest, `population[${i}]`, source, rows);
  });
  return rows;
}

function collect(value: unknown, path: string, source: string, rows: Parameter[]): void {
  if (value === undefined) return;
  if (Array.isArray(value)) {
    if (value.every((one) => typeof one !== 'object')) push(rows, path, value, source);
    else for (const [i, one] of value.entries()) collect(one, `${path}[${i}]`, source, rows);
    return;
  }
  if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) collect(item, `${path}.${key}`, source, rows);
    return;
  }
  push(rows, path, value, source);
}

function push(rows: Parameter[], path: string, value: unknown, source: string): void {
  const tag = source === '' ? 'unstated' : /\bassumption\b/i.test(source) ? 'assumption' : 'sourced';
  rows.push({ path, value, source, tag });
}
