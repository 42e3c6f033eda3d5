/** Runs the validations behind docs/validation.md and writes data and page; --redraw writes the page. */
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { applySettings, resolveScenario } from '../../model/index.js';
import { loadScenario, packageRoot, startFacts, startHistory } from '../../runtime/index.js';
import { type StoredCard, storedCard, type ValidationData, validationText } from './validation-data.js';
import { validationPage } from './validation-page.js';

const SCENARIO = 'calm';
const SEEDS = 5;
const HISTORY_SCENARIO = 'black-thursday-2020';
const HISTORY_SEEDS = 3;
/** What each scorecard changes, and its first seed. */
const CARDS: readonly [string[], number][] = [
  [[], 0],
  [[], 5],
  [[], 10],
  [[], 15],
  [['venue.instruments.XBTUSD.index.spread=0'], 0],
];

const threads = availableParallelism();
const read = (name: string, settings: string[]) =>
  resolveScenario(applySettings(loadScenario(name).scenario, settings));

async function validate(): Promise<ValidationData> {
  const cards: StoredCard[] = [];
  for (const [settings, seed] of CARDS) {
    const scenario = read(SCENARIO, settings);
    cards.push(storedCard(settings, await startFacts({ scenario, seed, seeds: SEEDS, threads }).result));
    process.stderr.write(`${cards.length} of ${CARDS.length} scorecards\n`);
  }
  const scenario = read(HISTORY_SCENARIO, []);
  const history = await startHistory({ scenario, seed: 0, seeds: HISTORY_SEEDS, threads }).result;
  const runs = history.runs.map((run) => ({ ...run, wallSeconds: 0 }));
  return { scenario: SCENARIO, cards, history: { ...history, runs } };
}

const file = (name: string): string => join(packageRoot, 'docs', name);
if (!process.argv.includes('--redraw')) {
  writeFileSync(file('validation.json'), validationText(await validate()));
}
const data = JSON.parse(readFileSync(file('validation.json'), 'utf8')) as ValidationData;
writeFileSync(file('validation.md'), validationPage(data));
