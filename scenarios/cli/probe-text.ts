/** A probe for people: one row a step, rounded. */
import type { PathStep } from '../../sim/probe/index.js';
import type { Strategy } from '../../sim/strategy/index.js';
import { paint } from './terminal.js';

/** What a probe prints: with `--json` exactly this. */
export interface ProbeResult {
  strategy: string;
  params: Record<string, number>;
  steps: PathStep[];
  /** After the last bet; with outcomes only. */
  end?: { price: number; equityQuote: number };
}

interface Column {
  title: string;
  of(step: PathStep): string;
}

const shared: readonly Column[] = [
  { title: 'step', of: (step) => String(step.step) },
  { title: 'price', of: (step) => figure(step.price) },
  { title: 'equity', of: (step) => figure(step.equityQuote) },
];

const sizing: readonly Column[] = [
  { title: 'target', of: (step) => figure(step.targetPositionUnits) },
  { title: 'notional', of: (step) => figure(step.targetNotionalQuote) },
  { title: 'leverage', of: (step) => figure(step.targetLeverage) },
  { title: 'order', of: (step) => figure(step.orderUnits) },
];

const quoting: readonly Column[] = [
  { title: 'position', of: (step) => figure(step.targetPositionUnits) },
  { title: 'traded', of: (step) => figure(step.orderUnits) },
  { title: 'bid', of: (step) => quote(step, 'buy') },
  { title: 'ask', of: (step) => quote(step, 'sell') },
];

const gains: readonly Column[] = [
  { title: 'gain down', of: ({ gain }) => figure(gain?.down) },
  { title: 'closed', of: ({ gain }) => figure(gain?.closedDown) },
  { title: 'gain up', of: ({ gain }) => figure(gain?.up) },
  { title: 'closed', of: ({ gain }) => figure(gain?.closedUp) },
];

/** Writes the table, then the last state and what came of bets. */
export function probeText(strategy: Strategy, { params, steps, end }: ProbeResult): string {
  const columns = [...shared, ...(strategy.style === 'sizing' ? sizing : quoting)];
  if (steps[0]?.gain !== undefined) columns.push(...gains);
  const rows = steps.map((step) => columns.map((column) => column.of(step)));
  const widths = columns.map(({ title }, k) =>
    rows.reduce((width, row) => Math.max(width, row[k].length), title.length),
  );
  const line = (cells: readonly string[]) =>
    cells.map((cell, k) => cell.padStart(widths[k])).join('  ');
  const changed = strategy.paramNames
    .filter((name) => params[name] !== strategy.params[name].default)
    .map((name) => `${name}=${params[name]}`);
  const heading = [paint('bold', strategy.name), ...changed].join(' ');
  const lines = [heading, paint('dim', line(columns.map(({ title }) => title))), ...rows.map(line)];
  const last = steps.at(-1);
  if (last !== undefined && strategy.stateNames.length > 0) lines.push(`state  ${stateText(last)}`);
  if (end !== undefined) lines.push(`end    price ${figure(end.price)}, equity ${figure(end.equityQuote)}`);
  return lines.join('\n');
}

function stateText({ state }: PathStep): string {
  return Object.entries(state)
    .map(([name, value]) =>
      typeof value === 'number' ? `${name} ${figure(value)}` : `${name} [${value.length} values]`,
    )
    .join(', ');
}

function quote({ orders = [] }: PathStep, side: 'buy' | 'sell'): string {
  const best = orders.find((order) => order.side === side);
  if (best === undefined) return '-';
  return `${figure(best.sizeUnits)} @ ${best.priceQuote === null ? 'market' : figure(best.priceQuote)}`;
}

/** Seven significant digits without trailing zeros; a dash where there is none. */
function figure(value: number | null | undefined): string {
  if (value === undefined || value === null || Number.isNaN(value)) return '-';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  return String(Number(value.toPrecision(7)));
}
