/** What the results do not say, and how to make them again. */
import type { Analysis } from '../analysis.js';
import { countText } from '../number-words.js';
import type { Block, Section } from './document.js';

/** Limits of a study, from what it is. */
export function limitsSection(analysis: Analysis): Section {
  return { id: 'limits', title: 'Limits', blocks: [{ kind: 'list', items: limitsOf(analysis) }] };
}

/** Seeds below which intervals over seeds are rough. */
const SEEDS_FEW = 10;

/** Lists them, the gravest first. */
export function limitsOf({ manifest, runs, outcomes, results, differences }: Analysis): string[] {
  const { plan } = runs;
  const { base, study } = manifest.study;
  const items: string[] = [];
  if (study.primary.length === 0) items.push('No outcome was declared beforehand: every finding is exploratory.');
  if (outcomes.some((one) => one.tail?.replaced !== null && one.tail !== null)) items.push('A declared mean was replaced as its tail is heavy: this was decided on the data.');
  if (manifest.runs.failed > 0) items.push(`${countText(manifest.runs.failed, 'run')} failed and count nowhere: estimates are conditional on runs that end.`);
  if (manifest.runs.present < plan.sizeMin) items.push(`The design is not complete: ${manifest.runs.present} of ${plan.sizeMin} runs.`);
  if (plan.replicates === 1) items.push('One seed at every point: what chance does at a point cannot be told from what factors do, and intervals are conditional on that seed.');
  else if (plan.design.unit === null && plan.replicates < SEEDS_FEW) items.push(`${countText(plan.replicates, 'seed')}: intervals over so few are wide, and bootstraps of them too narrow.`);
  if (plan.design.unit !== null && plan.replicates > 1) items.push('Intervals over points are conditional on the seeds used.');
  const unknown = results.filter(({ overall }) => overall.runs > 0 && overall.runs < runs.ok / plan.variants);
  if (unknown.length > 0) items.push(`Undefined values are left out, so these are conditional on being defined: ${[...new Set(unknown.map((one) => one.outcome.label))].join(', ')}.`);
  if (base.kind === 'scenario') {
    if (base.indexDigest !== null) items.push('Results are conditional on one path of the index, that of the file.');
    else items.push('Results are conditional on the model of the index and on the scenario\'s events; the index itself is drawn anew with every seed.');
    const assumed = manifest.parameters.filter((one) => one.tag !== 'sourced').length;
    items.push(`${assumed} of ${manifest.parameters.length} parameters are assumptions or state no source (table of parameters). One structural variant of liquidation, makers and mark does not cover model uncertainty.`);
    items.push('The number of agents is that of the scenario: critical points move with size; repeat with half, twice and four times as many at the same notional.');
  }
  if (differences.length > 0) items.push('A difference that is not significant does not show equivalence: test it against a margin.');
  return items;
}

/** Where each parameter comes from. */
export function parameterSection({ manifest }: Analysis): Section | null {
  const { parameters } = manifest;
  if (parameters.length === 0) return null;
  const count = (tag: string): number => parameters.filter((one) => one.tag === tag).length;
  const table: Block = {
    kind: 'table', name: 'parameters', caption: 'Parameters of the base scenario as written, with the source that covers them', align: 'llll', folded: true,
    head: ['parameter', 'value', 'tag', 'source'],
    rows: parameters.map(({ path, value, tag, source }) => [path, typeof value === 'string' ? value : JSON.stringify(value), tag, source]),
  };
  const text = `${countText(parameters.length, 'parameter')}: ${count('sourced')} sourced, ${count('assumption')} assumptions, ${count('unstated')} without a stated source.`;
  return { id: 'parameters', title: 'Provenance of parameters', blocks: [{ kind: 'text', text }, table] };
}

/** Hashes and commands. */
export function reproductionSection({ manifest }: Analysis): Section {
  const { study, host, commands, files } = manifest;
  const rows: [string, string][] = [
    ['study', `${study.name}, digest ${study.digest}`],
    ['design', study.designDigest],
    ['manifest', manifest.sha256],
    ['program', `stampede ${host.package.version}, commit ${host.package.commit ?? 'unknown'}${host.package.dirty === true ? ' with local changes' : ''}`],
    ['lock file', host.package.lockfileSha256 ?? 'unknown'],
    ['generator', `${host.random.algorithm}, check ${host.random.check}`],
    ['machine', `${host.cpu}, ${host.cpus} cores, ${host.platform} ${host.arch}, Node ${host.node}`],
    ...files.map((one): [string, string] => [one.name, `${one.bytes} bytes, SHA-256 ${one.sha256}`]),
    ...Object.entries(commands).map(([name, command]): [string, string] => [`to ${name}`, command]),
  ];
  return { id: 'reproduction', title: 'To make it again', blocks: [{ kind: 'facts', rows }] };
}
