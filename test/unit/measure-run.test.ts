/** The metrics of a run's log: against naive recounts of its rows, and known answers made by hand. */
import { describe, expect, it } from 'vitest';
import { type Measurement, RunCut, measureCut } from '../../scenarios/runtime/measure/index.js';
import {
  CauseKind,
  CauseSubject,
  EventKind,
  EventLog,
  EventReader,
  FundReason,
  LiquidationStage,
  appendSeries,
  emptySeriesSample,
  rowBytes,
} from '../../sim/trace/index.js';
import { runTrace, traceMetadata } from '../support/trace-run.js';

const QUOTE_PER_TICK = 0.5;
const BAR = 10e6;
/** Rows of a piece: a whole that does not divide the logs. */
const PIECE_ROWS = 37;

/** A log in memory. */
function logged(write: (log: EventLog) => void): Uint8Array {
  const parts: Uint8Array[] = [];
  const log = new EventLog((bytes) => parts.push(bytes.slice()), 64);
  write(log);
  log.flush();
  return new Uint8Array(Buffer.concat(parts));
}

function cutOf(bytes: Uint8Array): RunCut {
  const cut = new RunCut(traceMetadata());
  for (let at = 0; at < bytes.length; at += PIECE_ROWS * rowBytes) {
    cut.add(new EventReader(bytes.slice(at, at + PIECE_ROWS * rowBytes)));
  }
  cut.finish();
  return cut;
}

interface Row {
  kind: number;
  time: number;
  account: number;
  other: number;
  priceTicks: number;
  sizeLots: number;
  value: number;
  feeA: number;
  extra: number;
}

function rowsOf(bytes: Uint8Array): Row[] {
  const r = new EventReader(bytes);
  const rows: Row[] = [];
  while (r.next()) {
    const { kind, time, account, other, priceTicks, sizeLots, value, feeA, extra } = r;
    rows.push({ kind, time, account, other, priceTicks, sizeLots, value, feeA, extra });
  }
  return rows;
}

function get(values: readonly Measurement[], name: string, scope?: string): Measurement {
  const found = values.find((one) => one.name === name && (scope === undefined || one.scope === scope));
  expect(found, name).toBeDefined();
  return found as Measurement;
}

const sum = (values: readonly number[]): number => values.reduce((total, one) => total + one, 0);

describe('a made-up run', () => {
  const bytes = logged((log) => runTrace(log, { seed: 5 }));
  const rows = rowsOf(bytes);
  const cut = cutOf(bytes);
  const values = measureCut(cut);
  const series = rows.filter((one) => one.kind === EventKind.series);
  const more = rows.filter((one) => one.kind === EventKind.seriesMore);

  it('measures spread, depth, illiquidity and crowding of time as a naive recount does', () => {
    const stands = series.map(({ time }, t) => (series[t + 1]?.time ?? cut.endMicros) - time);
    const wide = sum(series.map((one, t) => stands[t] * (more[t].priceTicks - one.other)));
    const shown = get(values, 'spread');
    expect(shown).toMatchObject({ unit: 'quote', scope: 'XBTUSD', n: 41 });
    expect(shown.value).toBeCloseTo((wide / sum(stands)) * QUOTE_PER_TICK, 9);
    expect(get(values, 'spread.quotedShare').value).toBe(1);
    expect(get(values, 'depth').value).toBeCloseTo(1100, 9);
    const ratios: number[] = [];
    for (let t = 1; t < series.length; t++) {
      const [from, to] = [series[t - 1], series[t]];
      const [begin, end] = [rows.indexOf(from), rows.indexOf(to)];
      const trades = rows.slice(begin, end).filter((one) => one.kind === EventKind.trade);
      const volume = sum(trades.map((one) => Math.abs(one.sizeLots)));
      const move = Math.abs(to.sizeLots / from.sizeLots - 1);
      if (volume > 0) ratios.push((1e6 * move) / volume);
    }
    expect(ratios.length).toBeGreaterThan(30);
    const amihud = get(values, 'amihud');
    expect(amihud.n).toBe(ratios.length);
    expect(amihud.value).toBeCloseTo(sum(ratios) / ratios.length, 9);
    expect(amihud.interval?.low).toBeLessThan(amihud.value ?? 0);
    const volumes = series.slice(1).map((one, t) => one.extra - series[t].extra);
    const largest = [...volumes].sort((a, b) => b - a).slice(0, 2);
    expect(get(values, 'timeCrowding').value).toBeCloseTo(sum(largest) / sum(volumes), 9);
  });

  it('follows every position to its final row', () => {
    const final = rows.filter((one) => one.kind === EventKind.account);
    expect(final.length).toBe(61);
    expect(final.map((one) => cut.positions.of(0)[one.account] ?? 0)).toEqual(
      final.map((one) => one.sizeLots),
    );
  });

  it('adds up debts and follows the fund', () => {
    let mark = 0;
    let [debt, uncovered, peak, drawdown] = [0, 0, 0, 0];
    for (const { kind, other, priceTicks, value, extra } of rows) {
      if (kind === EventKind.mark || kind === EventKind.series) mark = priceTicks;
      const quote = (value / 1e8) * mark * QUOTE_PER_TICK;
      if (kind === EventKind.insolvency) debt += quote;
      if (kind === EventKind.badDebt) uncovered += quote;
      if (kind !== EventKind.fund) continue;
      if (other === FundReason.desk && value < 0) debt -= quote;
      peak = Math.max(peak, extra);
      drawdown = Math.max(drawdown, 1 - extra / peak);
    }
    expect(debt).toBeGreaterThan(uncovered);
    expect(uncovered).toBeGreaterThan(0);
    expect(get(values, 'badDebtQuote').value).toBeCloseTo(debt, 6);
    expect(get(values, 'uncoveredQuote').value).toBeCloseTo(uncovered, 6);
    expect(get(values, 'insuranceFund.drawdown').value).toBeCloseTo(drawdown, 12);
  });

  it('tells why a value is undefined, and no number that JSON would lose', () => {
    expect(get(values, 'reproductionNumber', 'L1')).toMatchObject({
      value: null,
      interval: null,
      n: 0,
      note: 'the run was made without a causal ledger',
    });
    expect(get(values, 'cascade.count').value).toBeNull();
    expect(JSON.parse(JSON.stringify(values))).toEqual(values);
    for (const one of values) if (one.value === null) expect(one.note, one.name).not.toBeNull();
  });
});

describe('a run made by hand', () => {
  it('shares the largest deleveraging out as the golden example does', () => {
    const desk = 60;
    const sizes = [-10, -30, -20, -50, 70];
    const close = (log: EventLog, time: number, account: number, lots: number): void => {
      log.append(EventKind.autoDeleverage, time, account, desk, 100, lots, 1, 0, 0, 0, lots);
    };
    const bytes = logged((log) => {
      sizes.forEach((lots, account) => {
        log.append(EventKind.opening, 0, account, 0, 0, lots, 0, 1, 0, 0, 0);
      });
      // A first, smaller one, which the short of an account outside the example pays for.
      log.append(EventKind.opening, 0, 5, 0, 0, -4, 0, 1, 0, 0, 0);
      log.append(EventKind.opening, 0, desk, 0, 0, 44, 0, 1, 0, 0, 0);
      close(log, 10, 5, 4);
      close(log, 20, 0, 10);
      close(log, 20, 1, 30);
    });
    const values = measureCut(cutOf(bytes));
    expect(get(values, 'adl.incidenceHerfindahl')).toMatchObject({ value: 0.625, n: 4 });
    expect(get(values, 'adl.incidenceGini').value).toBeCloseTo(0.625, 12);
    expect(get(values, 'adl.proRataDistance').value).toBeCloseTo(0.63636, 4);
    expect(get(values, 'adl.overshoot').value).toBeNull();
  });

  it('follows depth around the largest cascade', () => {
    const shock = 100.5 * BAR;
    const halfLife = 40e6;
    const depthAt = (time: number): number =>
      time < shock ? 1e6 : 1e6 - 850_000 * 2 ** (-(time - 101 * BAR) / halfLife);
    const values = measureCut(cutOf(logged((log) => writeDip(log, shock, depthAt))));
    const scope = 'largest cascade, XBTUSD';
    expect(get(values, 'depth.depletion')).toMatchObject({ scope });
    expect(get(values, 'depth.depletion').value).toBeCloseTo(0.85, 6);
    const found = get(values, 'recovery.halfLife');
    expect(found).toMatchObject({ scope, unit: 'us', n: 200 });
    expect(found.value ?? 0).toBeCloseTo(halfLife, -4);
    let loss = 0;
    for (let k = 101; k < 300; k++) {
      loss += BAR * (1 - (depthAt(k * BAR) + depthAt((k + 1) * BAR)) / 2e6);
    }
    expect((get(values, 'resilienceLoss').value ?? 0) / loss).toBeCloseTo(1, 5);
    expect(get(values, 'cascade.largest').value).toBe(2);
    expect(get(values, 'contagionShare').value).toBe(0.25);
    expect(get(values, 'contagionShare.shared').value).toBeCloseTo((300 * 0.2 + 100 * 0.7) / 400, 12);
    expect(get(values, 'reproductionNumber.matrix', 'L1, makers -> retail').value).toBe(1);
    expect(get(values, 'reproductionNumber.spectralRadius').value).toBe(0);
  });

  it('leaves deleveragings out, and hands what they tipped to what tipped them', () => {
    const bytes = logged((log) => {
      liquidate(log, { id: 1, account: 3, time: 10, parent: -1, notional: 300, forced: 0 });
      const word = CauseSubject.deleveraging | (CauseKind.liquidation << 4);
      log.append(EventKind.cause, 11, 30, word, 0, 3, 0, 2000, 1001, 1, 0);
      log.append(EventKind.autoDeleverage, 11, 30, 60, 900, 5, 1, 0, 0, 0, 5000);
      liquidate(log, { id: 2, account: 50, time: 12, parent: 2000, notional: 100, forced: 0 });
    });
    const values = measureCut(cutOf(bytes));
    const found = get(values, 'reproductionNumber', 'L1');
    expect(found).toMatchObject({ value: 0.5, n: 2 });
    expect(found.note).toContain('1 deleveragings left out');
    expect(get(values, 'reproductionNumber.matrix', 'L1, makers -> retail').value).toBe(1);
    expect(get(values, 'cascade.notional').value).toBe(400);
    expect(get(values, 'generations.max').value).toBe(2);
  });
});

/** Two liquidations, the first of which tips the second, in a depth path. */
function writeDip(log: EventLog, shock: number, depthAt: (time: number) => number): void {
  for (let k = 0; k <= 300; k++) {
    const state = emptySeriesSample();
    state.markTicks = 1000;
    state.bidDepthLots = depthAt(k * BAR) / 2;
    state.askDepthLots = depthAt(k * BAR) / 2;
    appendSeries(log, k * BAR, 0, state);
    if (k !== 100) continue;
    liquidate(log, { id: 1, account: 3, time: shock, parent: -1, notional: 300, forced: 0.2 });
    liquidate(log, { id: 2, account: 50, time: shock + 1, parent: 1001, notional: 100, forced: 0.7 });
  }
}

interface HandMade {
  id: number;
  account: number;
  time: number;
  parent: number;
  notional: number;
  /** Part of its fall that liquidation orders made. */
  forced: number;
}

function liquidate(log: EventLog, { id, account, time, parent, notional, forced }: HandMade): void {
  const event = 1000 + id;
  const kind = parent < 0 ? CauseKind.index : CauseKind.liquidation;
  const word = CauseSubject.liquidation | (kind << 4);
  log.append(EventKind.cause, time, account, word, 900, -1, 1, event, parent, 0, 0);
  const share = (of: number, weight: number): void => {
    log.append(EventKind.share, time, -1, of, 0, 0, 0, event, -1, weight, 0);
  };
  share(CauseKind.liquidation, forced);
  share(CauseKind.flow, 1 - forced);
  const { takeover } = LiquidationStage;
  log.append(EventKind.liquidation, time, account, takeover, 900, 5, id, 0, 0, 0, notional);
}
