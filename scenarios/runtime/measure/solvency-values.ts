/** Values of the groups `solvency` and `crowding` that a trace can tell. */
import * as crowding from '../../../sim/metrics/crowding/index.js';
import * as solvency from '../../../sim/metrics/solvency/index.js';
import { type Measurement, measured } from './measurement.js';
import type { RunCut } from './run-cut.js';
import { changes } from './series-columns.js';

/** Returns losses, the fund and deleveraging. */
export function solvencyValues(cut: RunCut): Measurement[] {
  const { losses } = cut;
  const { fundMicros, fundBalance } = losses;
  const { drawdown } = solvency.fundPath(fundMicros, fundBalance);
  return [
    measured('badDebtQuote', losses.badDebtQuote, {
      n: losses.badDebtCount,
      note: 'debts of accounts and losses of the desk, at the mark of each; gains do not offset them',
    }),
    measured('uncoveredQuote', losses.uncoveredQuote, {
      n: losses.uncoveredCount,
      note: 'at the mark of each loss',
    }),
    measured('insuranceFund.drawdown', fundBalance[0] > 0 || drawdown > 0 ? drawdown : Number.NaN, {
      n: fundMicros.length,
      note: `of its balance in ${cut.metadata.settlement}`,
      missing: 'there was no fund',
    }),
    ...deleveragingValues(cut),
  ];
}

function deleveragingValues({ deleveragings }: RunCut): Measurement[] {
  const { count, largest } = deleveragings;
  const n = largest?.sizeLots.length ?? 0;
  const names = ['adl.incidenceHerfindahl', 'adl.incidenceGini', 'adl.proRataDistance'] as const;
  if (largest === null) {
    const missing = 'there was no deleveraging';
    return ['adl.overshoot', ...names].map((name) => measured(name, Number.NaN, { n, missing }));
  }
  const { herfindahl, gini, proRataDistance } = solvency.deleverageIncidence(
    largest.closedLots,
    largest.sizeLots,
  );
  const note = `the largest of ${count}; over all accounts on the other side`;
  const missing = 'a trace does not tell the least notional that would have covered the shortfall';
  return [
    measured('adl.overshoot', Number.NaN, { n, missing }),
    ...[herfindahl, gini, proRataDistance].map((value, i) => measured(names[i], value, { n, note })),
  ];
}

/** Returns how trading crowds in time, for each instrument. */
export function crowdingValues(cut: RunCut): Measurement[] {
  const { instruments, seriesMicros } = cut.metadata;
  return instruments.map(({ name }, k) => {
    const volume = changes(cut.series[k].volumeLots);
    return measured('timeCrowding', crowding.timeCrowding(volume), {
      n: volume.length,
      scope: name,
      note: `all trading, bars of ${seriesMicros / 1e6} s`,
      missing: 'nothing was traded between samples',
    });
  });
}
