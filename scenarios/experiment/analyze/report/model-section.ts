/** The model by the ODD protocol: purpose, entities, processes, concepts, start, data, parts. Grimm et al. 2020. */
import { registry } from '../../../../agents/index.js';
import type { ScenarioInput } from '../../../model/index.js';
import type { Analysis } from '../analysis.js';
import { countText } from '../number-words.js';
import type { Block, Section } from './document.js';

/** Describes what is run, from the scenario and the strategies' own words. */
export function modelSection({ manifest, runs }: Analysis): Section {
  const { base, study } = manifest.study;
  const title = 'Model (ODD)';
  if (base.kind === 'function') {
    const text = `A function of numbers with a known answer, ${base.name}: ${runs.plan.metrics[0].doc.toLowerCase()}. It checks the design and its estimators end to end; there is no market in it.`;
    return { id: 'model', title, blocks: [{ kind: 'text', text }] };
  }
  const scenario = base.scenario as ScenarioInput;
  return {
    id: 'model',
    title,
    blocks: [
      named('1 Purpose and patterns', [study.question, scenario.title, scenario.doc, scenario.statement].map(sentence).join(' ').trim()),
      named('2 Entities, state variables, scales', entityText(scenario)),
      cohortTable(scenario),
      named('3 Process overview and scheduling', PROCESS),
      named('4 Design concepts', CONCEPTS),
      named('5 Initialisation', 'Agents are drawn cohort by cohort from the distributions of the scenario; cohorts with an opening hold positions from the first moment on, balanced so that longs equal shorts. The seed fixes every draw.'),
      named('6 Input data', inputText(scenario, base.indexDigest)),
      named('7 Submodels', 'The strategies, as they describe themselves:'),
      strategyTable(scenario, base.strategies),
    ],
  };
}

const PROCESS =
  'Time advances in windows, conservatively: in each, agents that are due decide on what has reached them after their feed latency, and send orders that arrive after their order latency. ' +
  'The venue takes inputs in the order of their times (ties by a keyed hash), matches by price and time, recomputes the mark after every fill and checks margins; accounts in breach are liquidated by the venue\'s policy, losses go to the insurance fund, then to auto-deleveraging or bad debt. Funding is settled at its times.';
const CONCEPTS =
  'Emergence: cascades of liquidations, in which each forced trade has a cause that is recorded. Interaction: only through the book, the mark, funding and the fund. ' +
  'Adaptation and sensing: by rule, on delayed data; no agent learns unless its strategy says so. Heterogeneity: parameters, equity and leverage are drawn per agent, more alike with crowding. ' +
  'Stochasticity: counter-based draws by agent and purpose. Collectives: cohorts that share a strategy. Observation: the figures of each run, from its summary and its causal trace.';

function named(name: string, text: string): Block {
  return { kind: 'text', lead: name, text };
}

/** Ends what is said with a stop. */
function sentence(text = ''): string {
  return text === '' || /[.?!]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`;
}

function entityText({ venue, time, population }: ScenarioInput): string {
  const agents = population.reduce((sum, one) => sum + one.count, 0);
  const instruments = venue.instruments.map(({ name, contract }) => `${name} (${contract.kind} contract)`).join(', ');
  const window = time.window === undefined ? '' : ` in windows of ${time.window}`;
  return `${countText(agents, 'agent')} in ${countText(population.length, 'cohort')}, each with equity, position, orders and the state of its strategy; a venue, ${venue.name}, with ${instruments}, order book, margin tiers, insurance fund. A run lasts ${time.duration}${window}. Money, prices and sizes are integers.`;
}

function inputText({ venue, exogenous = [], faults = [], sources = [] }: ScenarioInput, digest: string | null): string {
  const paths = venue.instruments.map(({ name, index }) => `${name}: ${index.kind}`).join(', ');
  const file = digest === null ? '' : ` The index comes from a file, SHA-256 ${digest}.`;
  const flows = exogenous.map(({ name, source = '' }) => (source === '' ? name : `${name} (${source})`)).join('; ');
  const parts = [`Index price outside the market: ${paths}.${file}`];
  if (flows !== '') parts.push(`Exogenous flow: ${flows}.`);
  if (Array.isArray(faults) && faults.length > 0) parts.push(`${countText(faults.length, 'scheduled fault')}.`);
  if (sources.length > 0) parts.push(`Sources: ${sources.join('; ')}.`);
  return parts.join(' ');
}

function cohortTable({ population }: ScenarioInput): Block {
  return {
    kind: 'table', name: 'cohorts', caption: 'Cohorts of the base scenario', align: 'llrl',
    head: ['cohort', 'strategy', 'agents', 'source'],
    rows: population.map(({ name, strategy, count, source = '' }) => [name, strategy, String(count), source]),
  };
}

function strategyTable({ population }: ScenarioInput, own: Readonly<Record<string, string>>): Block {
  const names = [...new Set(population.map((one) => one.strategy))].sort();
  return {
    kind: 'table', name: 'strategies', caption: 'Strategies', align: 'lll', head: ['strategy', 'what it does', 'source'],
    rows: names.map((name) => {
      const found = registry.find((one) => one.name === name);
      if (found !== undefined) return [name, found.doc, found.source];
      return [name, 'a strategy of the user', own[name] === undefined ? '' : `SHA-256 ${own[name]}`];
    }),
  };
}
