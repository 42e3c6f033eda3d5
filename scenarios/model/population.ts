/** Draws the population: parameters, equity, latencies, clocks and opening positions. */
import type { CohortPopulation } from '../../sim/engine/index.js';
import type { CohortTerms } from './cohort-terms.js';
import { CohortDraws, drawField, writtenEquity } from './draw.js';
import { drawExecution } from './execution-terms.js';
import { openFlat } from './flat/index.js';
import type { FieldTerms } from './field-terms.js';
import { openPositions } from './opening.js';
import type { PopulationTerms } from './population-terms.js';
import { checkTotals } from './range.js';
import { equityQuanta } from './scale.js';

/**
 * Draws every cohort; the draws of one never depend on another, save that one cohort of each
 * instrument takes the other side of all opening positions.
 *
 * @throws UserError `scenario/range` when amounts could pass 2^53 quanta or 2^31 lots.
 */
export function drawPopulation(terms: PopulationTerms): CohortPopulation[] {
  const drawn = terms.cohorts.map((cohort) => drawCohort(cohort, terms));
  if (terms.flat === undefined || terms.flat === null) openPositions(terms, drawn);
  else openFlat(terms.flat, terms, drawn);
  checkTotals(terms, drawn);
  return drawn;
}

function drawCohort(cohort: CohortTerms, terms: PopulationTerms): CohortPopulation {
  const draws = new CohortDraws(terms.seed, cohort);
  const { count, strategy } = cohort;
  const draw = (name: string, field: FieldTerms) => drawField(draws, name, field, count);
  const paramCount = strategy.paramNames.length;
  const params = new Float64Array(count * paramCount);
  strategy.paramNames.forEach((name, k) => {
    const column = draw(`params.${name}`, cohort.params[k]);
    for (let i = 0; i < count; i++) params[i * paramCount + k] = column[i];
  });
  const period = draw('period', cohort.period);
  const phase = draw('phase', cohort.phase);
  const start = draw('start', cohort.start);
  for (let i = 0; i < count; i++) phase[i] = start[i] + Math.floor(phase[i] * period[i]);
  const equity = drawEquity(draws, cohort);
  const scale = terms.scales[cohort.instrument];
  const deposit = new Float64Array(count);
  for (let i = 0; i < count; i++) deposit[i] = equityQuanta(equity[i], scale);
  return {
    params,
    feedLatencyMicros: draw('feedLatency', cohort.feedLatency),
    orderLatencyMicros: draw('orderLatency', cohort.orderLatency),
    band: draw('band', cohort.band),
    leverageMax: draw('leverageMax', cohort.leverageMax),
    periodMicros: period,
    phaseMicros: phase,
    initialEquityQuote: equity,
    depositQuanta: deposit,
    venueLeverage: draw('venueLeverage', cohort.venueLeverage),
    openingLots: new Float64Array(count),
    openingCostQuanta: new Float64Array(count),
    ...(cohort.execution === null ? {} : { execution: drawExecution(cohort.execution, draw) }),
  };
}

/**
 * Draws equities. Crowding leaves them out: it is about what traders do, not what they own. With
 * more or fewer traders than written, they are scaled to the total that the written number holds.
 */
function drawEquity(draws: CohortDraws, cohort: CohortTerms): Float64Array {
  const { count, countWritten } = cohort;
  const all = writtenEquity(draws, cohort);
  const equity = all.slice(0, count);
  if (count === countWritten) return equity;
  const scaling = sumOf(all, countWritten) / sumOf(all, count);
  for (let i = 0; i < count; i++) equity[i] *= scaling;
  return equity;
}

function sumOf(values: Float64Array, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += values[i];
  return sum;
}
