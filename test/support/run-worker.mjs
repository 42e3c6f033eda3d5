/**
 * Runs one scenario in memory and reads its event log: a Piscina task over the compiled modules
 * (`npx tsc -b`), since workers are not transformed by the test runner. Writes no files.
 */
import { readFileSync } from 'node:fs';
import {
  applySettings,
  buildWorld,
  parseScenario,
  resolveScenario,
} from '../../dist/scenarios/model/index.js';
import { runInMemory } from '../../dist/sim/engine/index.js';
import { Economics } from '../../dist/sim/strategy/index.js';
import { EventKind, EventReader } from '../../dist/sim/trace/index.js';

/** Scenarios as written, by file: parsed once a worker. */
const parsed = new Map();

/** Returns a `RunRecord` of `paired-runs.ts`. */
export default function run({ file, seed, settings }) {
  if (!parsed.has(file)) parsed.set(file, parseScenario(readFileSync(file, 'utf8'), file));
  const scenario = resolveScenario(applySettings(parsed.get(file), settings));
  const spec = buildWorld(scenario, { seed });
  const record = emptyRecord(spec);
  const read = recorder(spec, record);
  const before = process.cpuUsage();
  const figures = runInMemory(spec, { onChunk: (bytes) => read(new EventReader(bytes)) });
  const { user, system } = process.cpuUsage(before);
  return { ...record, figures, cpuSeconds: (user + system) / 1e6 };
}

function emptyRecord(spec) {
  const samples = Math.ceil(spec.durationMicros / spec.seriesMicros);
  const column = () => new Float64Array(samples);
  return {
    seed: spec.seed,
    sampleMicros: spec.seriesMicros,
    mark: column(),
    index: column(),
    depthQuote: column(),
    marks: spec.venue.instruments.map(column),
    cohorts: spec.cohorts.map(({ name, strategy, count }) => ({
      name,
      strategy: strategy.name,
      family: strategy.family,
      count,
      netQuote: column(),
      takenQuote: column(),
      takenNetQuote: column(),
      boughtQuote: column(),
      liquidatedQuote: 0,
      liquidations: 0,
    })),
  };
}

/** Returns what reads rows of the log into the record. All instruments must have one contract. */
function recorder(spec, record) {
  const economics = new Economics(spec.venue.instruments[0].contract);
  const cohortOf = [];
  spec.cohorts.forEach((cohort, c) => {
    for (let k = 0; k < cohort.count; k++) cohortOf.push(c);
  });
  const last = record.mark.length - 1;
  const worth = (lots, ticks) => economics.exposureQuote(lots, ticks);
  return (rows) => {
    while (rows.next()) {
      const at = Math.min(last, Math.ceil(rows.time / record.sampleMicros));
      switch (rows.kind) {
        case EventKind.series:
          record.marks[rows.account][at] = rows.priceTicks * economics.quotePerTick;
          if (rows.account !== 0) break;
          record.mark[at] = rows.priceTicks * economics.quotePerTick;
          record.index[at] = rows.cause * economics.quotePerTick;
          break;
        case EventKind.seriesMore: {
          if (rows.account !== 0) break;
          const ticks = record.mark[at] / economics.quotePerTick;
          record.depthQuote[at] = worth(rows.value + rows.feeA, ticks);
          break;
        }
        case EventKind.cohort: {
          const cohort = record.cohorts[rows.account];
          const ticks = record.marks[rows.other][at] / economics.quotePerTick;
          cohort.netQuote[at] = worth(rows.value, ticks);
          cohort.liquidations = rows.feeA;
          cohort.liquidatedQuote = rows.extra;
          break;
        }
        case EventKind.trade: {
          const quote = worth(rows.sizeLots, rows.priceTicks);
          const maker = record.cohorts[cohortOf[rows.other]];
          if (maker !== undefined) maker.boughtQuote[at] -= quote;
          const taker = record.cohorts[cohortOf[rows.account]];
          if (taker === undefined) break;
          taker.boughtQuote[at] += quote;
          taker.takenQuote[at] += Math.abs(quote);
          taker.takenNetQuote[at] += quote;
          break;
        }
        default:
      }
    }
  };
}
