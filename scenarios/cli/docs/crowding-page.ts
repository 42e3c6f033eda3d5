/** Writes the page about crowding from its data. */
import { CASCADE_MIN, type CrowdingPoint, type Estimate, FIRST_SEEDS } from './crowding-data.js';

/** R of a seed below and above which its cascade counts as pushed from outside, or by its own. */
const OUTSIDE = 0.05;
const OWN = 0.5;

/** Returns the page. */
export function crowdingPage(points: readonly CrowdingPoint[]): string {
  const [first, last] = [points[0], points[points.length - 1]];
  const before = points[points.length - 2];
  const { cascades } = last;
  const outside = cascades.filter((one) => one < OUTSIDE).length;
  const own = cascades.filter((one) => one > OWN).length;
  const median = (point: CrowdingPoint): string => middleOf(point.cascades).toFixed(2);
  const per = (point: CrowdingPoint): string => point.perMove.toFixed(0);
  const share = (point: CrowdingPoint): string => `${(100 * point.largestShare.value).toFixed(0)} %`;
  return `# Crowding: how alike exits are, what that threatens, and what comes of it

Scenario \`monoculture\`, \`dials.crowding\` from ${first.crowding} to ${last.crowding}, seeds 0 to ${first.seeds - 1} each. The dial turns the
dependence between traders' leverages, stops and clocks; what each may hold is distributed as before.

![Exit convergence, peak ex-ante R(p) and realised R over dials.crowding](crowding.svg)

Made by \`npm run docs:crowding\`, which runs every seed (some minutes) and writes \`docs/crowding.json\`, one row a run;
\`npm run docs:crowding -- --redraw\` only draws from it. Intervals are 95 %, over seeds; ratios are ratios of sums.
Pale dots: single seeds with at least ${CASCADE_MIN} liquidations.

${table(points)}

**What is measured.** Left and middle panel are read off the live world one hour in, as the index begins to fall and
before anybody is liquidated. *Exit convergence* is the share of pairs of exits, weighted by size, that lie within the
price move that executing the smaller one makes. *Peak ex-ante R(p)* is the most that would be liquidated in a quarter
of a per cent of price, over the orders that would take it: as many a tick as rest within 1 % of the mark then, for
makers requote around the price. (Of the orders resting at the very price there are none a few per cent away, so the
literal ratio is infinite at every setting.) With rules, each trader leaves once, at the nearer of its stop and its
liquidation. The right panel is counted afterwards in the forest of causes: liquidations pushed by another node over all
of them. The stops of this scenario are rules that sleep on alerts, so stops at the venue (L2) add nothing here.

**What happens.** Up to 0.8 or so the means hardly move; the spread between seeds grows. Traders
with correlated draws are still rarely within one trade of each other. At ${last.crowding} all exits lie on a few levels:
the index goes from ${before.exitConvergence.value.toFixed(3)} at ${before.crowding} to ${last.exitConvergence.value.toFixed(2)}, the peak of R(p) from ${before.exAntePeak.value.toFixed(1)} to ${last.exAntePeak.value.toFixed(0)}. R(p) overstates what a
run makes of it at every setting; among the reasons, its peak is one bucket, the price need not get there, and makers
refill the book on the way.

**Why the realised R falls, or jumps, at ${last.crowding}.** R counts children per liquidation. It needs one threshold below another
for a sale to travel from one to the next. Thresholds that coincide are passed in one move: whoever made that move has
all the others as children, and they have hardly any. At ${first.crowding} a move that liquidates anybody liquidates ${per(first)}, and the
largest of a seed takes ${share(first)} of its liquidations; at ${last.crowding} it is ${per(last)}, and ${share(last)}. So there is one generation that
matters, and R depends on who made the move:

- In ${outside} of the ${cascades.length} seeds with a cascade the index, ordinary flow or a rule passed the common level. Nearly all are
  roots: R is below ${OUTSIDE}, although everybody was liquidated. This is the fall: R of the median cascade goes from ${median(first)} at ${first.crowding} to ${median(last)}.
- In ${own} of ${cascades.length} an account whose threshold lay a little higher went first, most often a large one, of which its
  margin bracket asks more, and its sale alone passed the common level. One parent with nearly all the rest as
  children: R is above ${OWN}, again with one generation after it.

The pooled R at ${last.crowding}, ${estimateText(last.realised[0], 2)}, mixes the two and describes neither. It does not fall: it lies above the
${estimateText(first.realised[0], 2)} at ${first.crowding}. (The first ${FIRST_SEEDS} seeds gave ${estimateText(last.realisedFirst, 2)}, too wide to say; ${first.seeds} were run at every
setting for that reason.) Where exits coincide, R has to be read with the size of the largest move beside it.
`;
}

function table(points: readonly CrowdingPoint[]): string {
  const head =
    '| dial | exit convergence | peak R(p), L1 | peak with rules, L3 | realised R, L1 | L2 | L3 ' +
    '| seeds hit | liquidated by a move | largest move |';
  const rows = points.map((point) => {
    const [one, two, three] = point.realised.map((estimate) => estimateText(estimate, 2));
    const cells = [
      point.crowding, estimateText(point.exitConvergence, 3), estimateText(point.exAntePeak, 1),
      estimateText(point.exitPressurePeak, 1), one, two, three, point.seedsHit,
      point.perMove.toFixed(1), `${(100 * point.largestShare.value).toFixed(0)} %`,
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return [head, `|${' --- |'.repeat(10)}`, ...rows].join('\n');
}

function middleOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

/** Returns an estimate with its interval. */
export function estimateText({ value, low, high }: Estimate, decimals: number): string {
  if (!Number.isFinite(value)) return '-';
  return `${value.toFixed(decimals)} [${low.toFixed(decimals)}, ${high.toFixed(decimals)}]`;
}
