/** `series.parquet` and `cohorts.parquet`: the state of markets and cohorts at fixed intervals. */
import {
  type ReplayBuilder,
  type RunMetadata,
  type Table,
  cohortColumns,
  columnOf,
} from '../../../sim/trace/index.js';
import { type ParquetColumn, type ParquetKind, ParquetFile } from './parquet-file.js';

/** Column of the replay's samples, column of the file, kind, doc. */
const series: readonly (readonly [string, string, ParquetKind, string])[] = [
  ['markTicks', 'mark_ticks', 'int32', 'mark price'],
  ['markTicksMin', 'mark_ticks_min', 'int32', 'lowest since the row before'],
  ['markTicksMax', 'mark_ticks_max', 'int32', 'highest since the row before'],
  ['indexTicks', 'index_ticks', 'int32', 'index price'],
  ['indexTicksMin', 'index_ticks_min', 'int32', 'lowest since the row before'],
  ['indexTicksMax', 'index_ticks_max', 'int32', 'highest since the row before'],
  ['lastTicks', 'last_ticks', 'int32', 'price of the last trade'],
  ['lastTicksMin', 'last_ticks_min', 'int32', 'lowest trade since the row before'],
  ['lastTicksMax', 'last_ticks_max', 'int32', 'highest trade since the row before'],
  ['bidTicks', 'bid_ticks', 'int32', 'best bid, 0 when none'],
  ['askTicks', 'ask_ticks', 'int32', 'best ask, 0 when none'],
  ['fundQuanta', 'fund_quanta', 'int64', 'insurance fund'],
  ['badDebtQuanta', 'bad_debt_quanta', 'int64', 'bad debt so far'],
  ['openInterestLots', 'open_interest_lots', 'int64', 'open interest'],
  ['volumeLots', 'volume_lots', 'int64', 'traded so far'],
  ['trades', 'trades', 'int64', 'trades so far'],
  ['liquidations', 'liquidations', 'int32', 'liquidations so far, of the venue'],
  ['liquidatedNotionalQuote', 'liquidated_notional_quote', 'double', 'so far, quote units'],
  ['deleverages', 'deleverages', 'int32', 'auto-deleveragings so far'],
  ['deleveragedNotionalQuote', 'deleveraged_notional_quote', 'double', 'so far, quote units'],
  ['liveOrders', 'live_orders', 'int32', 'orders resting'],
  ['halted', 'halted', 'int32', '1 while the venue is halted'],
  ['bidDepthLots', 'bid_depth_lots', 'int64', 'bids within 1 % of the mark'],
  ['askDepthLots', 'ask_depth_lots', 'int64', 'asks within 1 % of the mark'],
  ['fundingRate', 'funding_rate', 'double', 'rate of the next funding settlement'],
  ['deskLots', 'desk_lots', 'int64', 'signed position of the liquidation desk'],
];

const time: ParquetColumn = {
  name: 'time_us',
  kind: 'int64',
  doc: 'simulated microseconds',
  ordered: true,
};
const instrumentColumn: ParquetColumn = {
  name: 'instrument',
  kind: 'string',
  doc: 'name of the instrument',
};

/** Writes one row per instrument and sampling time. */
export function writeSeriesTable(
  path: string,
  builder: ReplayBuilder,
  metadata: RunMetadata,
  notes: Record<string, string>,
): void {
  const columns = series.map(([, name, kind, doc]): ParquetColumn => ({ name, kind, doc }));
  const file = new ParquetFile(path, [time, instrumentColumn, ...columns], notes);
  closing(file, () => {
    metadata.instruments.forEach((instrument, i) => {
      const table = builder.samples(i);
      const times = columnOf(table, 'timeMicros');
      const values = series.map(([column]) => columnOf(table, column));
      for (let row = 0; row < table.rows; row += 1) {
        file.set(0, times[row]);
        file.setText(1, instrument.name);
        for (let c = 0; c < values.length; c += 1) file.set(c + 2, values[c][row]);
        file.endRow();
      }
    });
  });
}

/** Writes one row per cohort, instrument and sampling time. */
export function writeCohortsTable(
  path: string,
  builder: ReplayBuilder,
  metadata: RunMetadata,
  notes: Record<string, string>,
): void {
  const file = new ParquetFile(
    path,
    [
      time,
      instrumentColumn,
      { name: 'cohort', kind: 'string', doc: 'name of the cohort' },
      { name: 'net_lots', kind: 'int64', doc: 'signed sum of its positions' },
      { name: 'liquidations', kind: 'int64', doc: 'its liquidations so far' },
      { name: 'liquidated_notional_quote', kind: 'double', doc: 'so far, quote units' },
    ],
    notes,
  );
  closing(file, () => {
    metadata.instruments.forEach((instrument, i) => {
      const table = builder.samples(i);
      metadata.cohorts.forEach((cohort, c) => {
        addCohort(file, table, instrument.name, cohort.name, c);
      });
    });
  });
}

function addCohort(
  file: ParquetFile,
  table: Table,
  instrument: string,
  cohort: string,
  number: number,
): void {
  const times = columnOf(table, 'timeMicros');
  const [net, liquidations, notional] = cohortColumns(number).map((name) => columnOf(table, name));
  for (let row = 0; row < table.rows; row += 1) {
    file.set(0, times[row]);
    file.setText(1, instrument);
    file.setText(2, cohort);
    file.set(3, net[row]);
    file.set(4, liquidations[row]);
    file.set(5, notional[row]);
    file.endRow();
  }
}

function closing(file: ParquetFile, write: () => void): void {
  try {
    write();
    file.finish();
  } catch (error) {
    file.abandon();
    throw error;
  }
}
