/** What speaks against a critical point. */
import type { SecondOpinion, SizeReport } from './critical-point.js';
import type { Located } from './resample.js';

const RUNS_MIN = 20;
const FOUND_MIN = 0.9;
/** Spanning share from which contagion is beyond critical whatever R says. */
const SPANNING_MANY = 0.3;

/** Lists the warnings, a sentence each. */
export function warningsOf(
  sizes: readonly SizeReport[],
  opinions: readonly SecondOpinion[],
  primary: Located | null,
): string[] {
  const largest = sizes[sizes.length - 1];
  const warnings: string[] = [];
  if (primary === null) warnings.push(whyNotCrossed(largest));
  else if (primary.found < FOUND_MIN) {
    const part = `${Math.round(100 * primary.found)} % of the resamples`;
    warnings.push(`R = 1 is crossed in ${part} only: sweep further, or take more seeds`);
  }
  if (largest.rises > 1) warnings.push(`R rises through 1 ${largest.rises} times; the first is told`);
  const few = sizes.filter((one) => one.runsMin < RUNS_MIN);
  if (few.length > 0) {
    const least = few.reduce((most, one) => Math.min(most, one.runsMin), RUNS_MIN);
    warnings.push(`settings with ${least} runs: intervals need ${RUNS_MIN} seeds or more`);
  }
  if (new Set(sizes.map((one) => one.population)).size < 2) {
    warnings.push('one size only: neither the drift with size nor the onset at infinite size can be told');
  }
  const { control } = largest.curves;
  for (const { name, control: at } of opinions) {
    if (Number.isNaN(at)) warnings.push(`${name} cannot be told from these settings`);
    else if (name !== 'spanning.onset' && (at === control[0] || at === control[control.length - 1])) {
      warnings.push(`${name} lies at an end of the settings: the peak may lie beyond`);
    }
  }
  warnings.push(...drift(sizes));
  return warnings;
}

/** R = 1 should not depend on the size beyond its error. */
function drift(sizes: readonly SizeReport[]): string[] {
  const first = sizes[0].turns.reproduction;
  const last = sizes[sizes.length - 1].turns.reproduction;
  if (sizes.length < 2 || Number.isNaN(first.control) || Number.isNaN(last.control)) return [];
  if (first.low <= last.high && first.high >= last.low) return [];
  const from = `${first.control.toPrecision(4)} at size ${sizes[0].size}`;
  const to = `${last.control.toPrecision(4)} at size ${sizes[sizes.length - 1].size}`;
  return [`R = 1 moves with size, from ${from} to ${to}: larger sizes may move it further`];
}

function whyNotCrossed({ curves }: SizeReport): string {
  const known = curves.reproduction.filter((one) => !Number.isNaN(one));
  if (known.length === 0) return 'R = 1 cannot be told: nothing was liquidated';
  const spanning = curves.spanning.reduce((most, one) => Math.max(most, one), 0);
  const highest = known.reduce((most, one) => Math.max(most, one), 0);
  if (highest < 1 && spanning > SPANNING_MANY) {
    const why = 'children were counted over whole cascades, where R stays below 1';
    return `R = 1 is not crossed though ${Math.round(100 * spanning)} % span: ${why}; count early generations`;
  }
  if (known[0] >= 1) return `R is ${known[0].toPrecision(3)} at the first setting already: sweep lower`;
  return `R = 1 is not crossed: R is ${highest.toPrecision(3)} at the most; sweep higher`;
}
