/** An explanation in plain words. */
import type { CascadeStory, ChainLink, Explanation, SharePart } from '../runtime/index.js';
import { percent, short, span, whole } from './number-text.js';
import { paint } from './terminal.js';
import { clock, instant, manyOf, moved, partyText, priceText, pushText, shareText } from './why-words.js';

/** Chain links, share parts and cohorts told one by one. */
const LINKS_MAX = 8;
const PARTS_MAX = 6;

/** Returns the answer for people; `hints` tells what else may be asked. */
export function whyText(found: Explanation, hints = true): string {
  const { scenario, seed, question, cascade, liquidation } = found;
  const title =
    question === 'cascade'
      ? `${cascadeName(cascade)} of ${scenario}, seed ${seed}`
      : `Liquidation ${whole(liquidation.liquidation)} of ${scenario}, seed ${seed}`;
  const parts =
    question === 'cascade'
      ? [cascadeLines(found), rootLines(found), chainLines(found), victimLines(found), closing(found, hints)]
      : [subjectLines(found), causeLines(found), chainLines(found), shareLines(found), effectLines(found), closing(found, hints)];
  return [paint('bold', title), ...parts.filter((lines) => lines.length > 0).map(block)].join('\n');
}

function block(lines: readonly string[]): string {
  return `\n${lines.join('\n')}`;
}

function head(text: string): string {
  return paint('bold', text);
}

function cascadeName({ rank, cascades }: CascadeStory): string {
  const which = rank === 1 ? 'The largest cascade' : `Cascade ${rank} by size`;
  return `${which} (of ${whole(cascades)})`;
}

function cascadeLines({ cascade, startEpochMillis }: Explanation): string[] {
  const { traders, liquidations, notionalQuote, fromMicros, untilMicros, generations, cohorts } = cascade;
  const lasted = untilMicros > fromMicros ? `within ${span((untilMicros - fromMicros) / 1e6)}` : 'at one instant';
  const times = liquidations > traders ? `${whole(liquidations)} times in all ` : '';
  const lines = [
    `${count(traders, 'trader was', 'traders were')} liquidated ${times}${lasted}, ` +
      `${short(notionalQuote)} (quote) in all, from ${instant(startEpochMillis, fromMicros)} on.`,
  ];
  const steps = generations.map((n, i) => `${i === 0 ? '' : 'then '}${whole(n)}`).join(', ');
  if (generations.length > 1) {
    lines.push(
      `${generations.length} generations: ${steps}. Each liquidation pushed ` +
        `${cascade.reproductionNumber.toFixed(2)} others on average.`,
    );
  }
  const who = cohorts
    .slice(0, PARTS_MAX)
    .map(({ cohort, liquidations: n, notionalQuote: quote }) => `${cohort ?? 'outside'} ${whole(n)} (${short(quote)})`);
  lines.push(`Who: ${who.join(', ')}${cohorts.length > PARTS_MAX ? ', ...' : ''}.`);
  return lines;
}

function rootLines(found: Explanation): string[] {
  const { root, cascade, liquidation } = found;
  const lines = [head('What set it off'), `${capital(pushText(root))}.`];
  const first = found.chain[0];
  const reached = cascade.generations[0];
  const level = found.question === 'cascade' ? markMoveText(found) : '';
  const isOwn = root.party !== null && root.party.account === first.party.account;
  const one = `one trader, number ${whole(first.liquidation)}`;
  if (root.kind === 'funding' || isOwn) {
    lines.push(`It left ${reached === 1 ? one : `${whole(reached)} traders`} with too little margin.`);
  } else if (reached === 1) lines.push(`${level}It carried the mark through the liquidation level of ${one}.`);
  else lines.push(`${level}It carried the mark through the liquidation levels of ${whole(reached)} traders at once.`);
  const kind = found.marks[liquidation.breachInstrument];
  if (kind === 'medianOfThree') {
    lines.push('(The mark of this venue averages the last traded price over time: a trade weighs on it for that long.)');
  }
  if (cascade.generations.length === 1) lines.push(...nobodyPushed(found, kind));
  return lines;
}

function markMoveText({ liquidation }: Explanation): string {
  const { tippingMark, generation } = liquidation;
  return generation === 1 && tippingMark !== null ? `The mark price, at which the venue values positions, ${moved(tippingMark)}.\n` : '';
}

/** Why a cascade of one generation has no second. */
function nobodyPushed({ cascade }: Explanation, markKind: string): string[] {
  const alone = cascade.liquidations === 1 ? 'It' : 'None of them';
  if (markKind === 'fair' || markKind === 'index') {
    return [
      `Nobody was pushed by another's liquidation: this venue's mark price follows the index, the price`,
      'of other venues, so that forced sales here cannot move it. What they moved is the last traded price.',
    ];
  }
  return [`${alone} moved the mark through the level of a further trader: one generation.`];
}

function chainLines(found: Explanation): string[] {
  const { chain, question, root } = found;
  const isCascade = question === 'cascade';
  if (chain.length === 0 || (isCascade && chain.length === 1)) return [];
  const lines = [head(isCascade ? 'Its longest chain' : 'The chain back to the root')];
  if (!isCascade) lines.push(`   0  ${capital(pushText(root))}.`);
  const shown = chain.length <= LINKS_MAX ? chain : [...chain.slice(0, LINKS_MAX / 2), null, ...chain.slice(-LINKS_MAX / 2)];
  for (const link of shown) lines.push(link === null ? `      ... ${chain.length - LINKS_MAX} more ...` : `   ${linkText(found, link)}`);
  return lines;
}

/** Names the instrument of a price where there are several. */
function ofInstrument({ marks }: Explanation, name: string): string {
  return Object.keys(marks).length > 1 ? ` of ${name}` : '';
}

function linkText(found: Explanation, link: ChainLink): string {
  const { startEpochMillis } = found;
  const of = ofInstrument(found, link.instrument);
  const { generation, liquidation, party, side, closedLots, timeMicros, mark, last } = link;
  const verb = side === 'long' ? 'sold' : 'bought';
  const name = `liquidation ${whole(liquidation)}, ${partyText(party)}`;
  const told = `${generation}  ${clock(startEpochMillis, timeMicros)}  ${name}: ${whole(closedLots)} lots${of} ${verb}`;
  if (mark !== null) return `${told}; the mark ${moved(mark)}.`;
  if (last !== null) return `${told}; the last traded price ${moved(last)}.`;
  return `${told}; no price moved.`;
}

function victimLines(found: Explanation): string[] {
  const { cascade } = found;
  const { largest, last, liquidations } = cascade;
  const lines: string[] = [];
  if (liquidations > 1) {
    lines.push(head('The largest of them'));
    for (const { liquidation, party, side, notionalQuote } of largest) {
      lines.push(`   liquidation ${whole(liquidation)}, ${partyText(party)}: ${short(notionalQuote)} ${side}`);
    }
  }
  if (last !== null) {
    lines.push(`Over their orders the last traded price${ofInstrument(found, cascade.instrument)} ${moved(last)}.`);
  }
  return lines;
}

function subjectLines({ liquidation, startEpochMillis }: Explanation): string[] {
  const { party, side, closedLots, notionalQuote, timeMicros, ordinal, instrument } = liquidation;
  const again = ordinal > 1 ? ` It was its liquidation number ${ordinal}.` : '';
  return [
    `${capital(partyText(party))}: a ${side} of ${whole(closedLots)} lots of ${instrument} ` +
      `(${short(notionalQuote)} quote), closed by force`,
    `at ${instant(startEpochMillis, timeMicros)}.${again}`,
  ];
}

function causeLines(found: Explanation): string[] {
  const { liquidation } = found;
  const { levelQuote, tippingMark, tippedBy, side, breachSide, breachInstrument } = liquidation;
  const lines = [head('Why')];
  if (levelQuote !== null) {
    const way = (breachSide ?? side) === 'long' ? 'at or below' : 'at or above';
    const of = ofInstrument(found, breachInstrument);
    const mark = tippingMark === null ? '' : `; the mark price ${moved(tippingMark)}`;
    lines.push(`Its margin no longer sufficed with the mark${of} ${way} ${priceText(levelQuote)}${mark}.`);
  } else lines.push(`What it was left with in ${breachInstrument} no longer sufficed for its other positions.`);
  const own = tippedBy.party !== null && tippedBy.party.account === liquidation.party.account;
  lines.push(`Tipped by ${own ? 'its own doing, ' : ''}${pushText(tippedBy)}.`);
  return lines;
}

function shareLines({ liquidation }: Explanation): string[] {
  const { shares } = liquidation;
  if (shares.length < 2) return [];
  const lines = [head('Who used up its buffer'), 'Of the move from where the mark stood when it last traded to its level:'];
  const parts = mergedParts(shares);
  for (const { text, weight } of parts.slice(0, PARTS_MAX)) {
    lines.push(`   ${percent(weight).padStart(7)}  ${text}`);
  }
  const rest = parts.slice(PARTS_MAX).reduce((sum, part) => sum + part.weight, 0);
  if (rest > 0) lines.push(`   ${percent(rest).padStart(7)}  ${parts.length - PARTS_MAX} others`);
  return lines;
}

/** Parts in words, the largest first; those of nobody in particular are one for each kind. */
function mergedParts(shares: readonly SharePart[]): { text: string; weight: number }[] {
  const merged = new Map<string, number>();
  for (const part of shares) {
    const text = part.party === null ? manyOf(part.kind) : shareText(part);
    merged.set(text, (merged.get(text) ?? 0) + part.weight);
  }
  return [...merged]
    .map(([text, weight]) => ({ text, weight }))
    .sort((a, b) => b.weight - a.weight);
}

function effectLines({ liquidation, pushed }: Explanation): string[] {
  const { filledLots, meanFillQuote, mark, last, takenOverLots, side, bankruptcyQuote, impact } = liquidation;
  const verb = side === 'long' ? 'sold' : 'bought';
  const lines = [head('What it went on to do')];
  if (takenOverLots > 0) {
    const lots = `${whole(takenOverLots)} lots`;
    lines.push(`The venue took ${lots} over at the bankruptcy price, ${priceText(bankruptcyQuote)}.`);
  }
  if (filledLots > 0 && meanFillQuote !== null) {
    const whose = takenOverLots > 0 ? 'The orders for it' : 'Its orders';
    const prices = last === null ? '' : `; the last traded price ${moved(last)}`;
    lines.push(`${whose} ${verb} ${whole(filledLots)} lots at ${priceText(meanFillQuote)} on average${prices}.`);
  }
  if (impact.withdrawnQuote > 0) {
    const who = impact.withdrawnBy.slice(0, 3).map(({ cohort }) => cohort ?? 'outside');
    const part = percent(impact.withdrawnQuote / impact.movedQuote);
    lines.push(
      `Of its way through the book, ${priceText(impact.movedQuote)}, ${part} was due to quotes withdrawn ` +
        `since the cascade began (${who.join(', ')}).`,
    );
  }
  if (mark !== null) lines.push(`That moved the mark: it ${moved(mark)}.`);
  lines.push(pushedText(pushed));
  return lines;
}

function pushedText({ directly, inAll, notionalQuote, liquidations }: Explanation['pushed']): string {
  if (inAll === 0 && directly === 0) return 'Nobody was pushed by it.';
  const list = liquidations.map((id) => whole(id)).join(', ');
  const more = directly > liquidations.length ? ', ...' : '';
  const further = inAll > directly ? `, and ${whole(inAll)} in all with those they pushed` : '';
  return `It pushed ${count(directly, 'liquidation', 'liquidations')} (${list}${more})${further}: ${short(notionalQuote)} quote.`;
}

function closing(
  { liquidation, question, chain, complete }: Explanation,
  hints: boolean,
): string[] {
  const { generation, generationL2, generationL3 } = liquidation;
  const lines: string[] = [];
  if (question === 'liquidation') {
    const wider =
      generationL2 > generation || generationL3 > generation
        ? ` (${generationL2} with stops, ${generationL3} with trades of sizing rules)`
        : '';
    lines.push(paint('dim', `generation ${generation}${wider}; scope L1: liquidations and deleveragings`));
  }
  if (!complete) lines.push('The run was interrupted: what this pushed after its end is not told.');
  const first = question === 'cascade' ? chain[0].liquidation : liquidation.liquidation;
  if (hints) {
    lines.push(
      paint('dim', `without it: add --counterfactual; one liquidation: stampede why <run> ${first}`),
    );
  }
  return lines;
}

function count(n: number, one: string, many: string): string {
  return `${whole(n)} ${n === 1 ? one : many}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

