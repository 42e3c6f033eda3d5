/** What `break` found, for people. */
import type { BreakResult, Part } from '../experiment/index.js';
import type { BreakRequest } from './break-request.js';
import { percent, whole } from './number-text.js';
import { paint } from './terminal.js';

const FREQUENCIES_SHOWN = 9;

/** Says in one line what was found. */
export function summaryLine({ dial, options }: BreakRequest, found: BreakResult): string {
  const { verdict, direction, value, from, to } = found;
  const { path } = dial;
  const often = `in ${percent(options.alpha)} of the runs or more`;
  const interval = intervalText(found, options.confidence);
  const within = `within ${whole(options.budget)} runs`;
  const isRising = direction === 'rising';
  switch (verdict) {
    case 'found': {
      const least = isRising ? 'smallest' : 'largest';
      return `${least} ${path} at which it breaks ${often}: ${text(value)} (${interval})`;
    }
    case 'notBroken':
      return (
        `not broken ${isRising ? 'up' : 'down'} to ${path} = ${text(isRising ? to : from)}: ` +
        `violated in less than ${percent(options.alpha)} of the runs`
      );
    case 'brokenThroughout':
      return (
        `broken already at ${path} = ${text(isRising ? from : to)}, the ` +
        `${isRising ? 'least' : 'largest'} value looked at, ${often}`
      );
    default:
      return `undecided ${found.interrupted ? 'so far' : within}: ${path} breaks ${often} from ${interval}`;
  }
}

/** Says what every run must hold. */
export function heldTexts({ options }: BreakRequest): string[] {
  return options.claims.map(({ metric, claimed }) => {
    return `${metric.name} ${claimed.operator} ${claimed.threshold}`;
  });
}

/** Returns the lines of an answer. */
export function breakText(request: BreakRequest, found: BreakResult, replay: string | null): string {
  const { run, options, dial } = request;
  const now = `${dial.path} is ${text(dial.baseline)}`;
  const how = found.countsOnly ? ', counts only' : '';
  const lines = [
    `${paint('bold', run.run.scenario.name)}  ${now}; every run must hold ${heldTexts(request).join(' and ')}`,
    markOf(found) + summaryLine(request, found),
    `${whole(found.runs)} runs from seed ${options.seed}${how}; ${trendText(found, dial.path)}`,
  ];
  if (found.failed > 0) lines.push(paint('red', `${whole(found.failed)} runs failed and were left out`));
  lines.push('', ...frequencyLines(found, dial.path));
  const { breaking } = found;
  if (breaking !== null) {
    const { value, seed, kept, removed, violated } = breaking;
    lines.push(
      '',
      `${paint('bold', request.out)}  ${dial.path}=${text(value)}, seed ${seed} violates ${violated.join(' and ')}`,
      `needed  ${partsText(kept)}${removedText(removed)}${minimalText(request, found)}`,
      `replay  ${replay}`,
    );
  }
  if (found.verdict === 'undecided' && !found.interrupted) {
    const ways = `a larger --budget, a wider --precision (now ${options.precision})`;
    lines.push('', `for more: ${ways}, or nearer --from and --to`);
  }
  if (found.interrupted) lines.push('', 'interrupted: this is what is known');
  return lines.join('\n');
}

function markOf({ verdict }: BreakResult): string {
  if (verdict === 'notBroken') return paint('green', '✓ ');
  return verdict === 'undecided' ? paint('yellow', '? ') : paint('red', '✗ ');
}

function intervalText({ direction, mild, harsh, from, to }: BreakResult, confidence: number): string {
  const [low, high] = direction === 'rising' ? [mild, harsh] : [harsh, mild];
  const lowText = low === null ? `below ${text(from)}` : text(low);
  const highText = high === null ? `beyond ${text(to)}` : text(high);
  return `${Number((100 * confidence).toFixed(4))} %: ${lowText} to ${highText}`;
}

function trendText({ direction, violation, against }: BreakResult, path: string): string {
  const way = direction === 'rising' ? 'larger' : 'smaller';
  if (against === null) {
    return `the ${way} ${path}, the more violations (largest departure ${percent(violation)})`;
  }
  const where = `from ${text(against.from)} to ${text(against.to)}`;
  return paint('yellow', `violations do not rise steadily: they fall ${where}; this is about the first rise`);
}

/** Shows frequencies at a few values, evenly picked. */
function frequencyLines({ frequencies }: BreakResult, path: string): string[] {
  const made = frequencies.filter((one) => one.runs > 0);
  const step = Math.max(1, (made.length - 1) / (FREQUENCIES_SHOWN - 1));
  const places = [...new Set(Array.from({ length: FREQUENCIES_SHOWN }, (_, k) => Math.round(k * step)))];
  const shown = places.filter((i) => i < made.length).map((i) => made[i]);
  const width = Math.max(path.length, ...shown.map((one) => text(one.value).length));
  return [
    paint('dim', `${path.padStart(width)}  violated`),
    ...shown.map(({ value, runs, violations }) => {
      const share = percent(violations / runs).padStart(7);
      return `${text(value).padStart(width)}  ${share}  ${whole(violations)} of ${whole(runs)}`;
    }),
  ];
}

function partsText(parts: readonly Part[]): string {
  return parts.length === 0 ? 'nothing' : parts.map((one) => one.name).join(', ');
}

function removedText(removed: readonly Part[]): string {
  return removed.length > 0 ? `; left out  ${partsText(removed)}` : '';
}

function minimalText({ options }: BreakRequest, { breaking }: BreakResult): string {
  if (!options.isShrinking || breaking === null) return '';
  const runs = ` (${whole(breaking.shrinkRuns)} runs)`;
  return breaking.isMinimal ? runs : `${runs}; there may be more to leave out`;
}

function text(value: number | null): string {
  return value === null ? '-' : String(Number(value.toPrecision(6)));
}
