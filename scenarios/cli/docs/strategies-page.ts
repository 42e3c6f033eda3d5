/** `docs/strategies.md`: every strategy, from its declaration. */
import { families, type Strategy } from '../../../sim/strategy/index.js';
import { exampleCommand } from '../example-command.js';
import { expectedLines } from './expected-text.js';

/** Says that a page is written by the generator. */
export const GENERATED = '<!-- Written from the declarations by `npm run docs`; do not edit. -->';

const SIGNS = {
  '-1': 'negative: trades against moves',
  '0': 'none in its usual regime',
  '1': 'positive: trades with moves',
} as const;

const FAMILY_TITLES: Readonly<Record<string, string>> = {
  scaling: 'Scaling: rules that size positions',
  liquidity: 'Liquidity',
  flow: 'Flow',
  signal: 'Signal and belief',
  arbitrage: 'Arbitrage',
  keeper: 'Keepers',
  adversary: 'Adversaries',
};

/** Writes the page. */
export function strategiesPage(strategies: readonly Strategy[]): string {
  const groups = families
    .map((family) => ({ family, of: strategies.filter((one) => one.family === family) }))
    .filter(({ of }) => of.length > 0);
  const contents = groups.map(
    ({ family, of }) =>
      `- ${FAMILY_TITLES[family] ?? family}: ${of.map(({ name }) => `[${name}](#${name})`).join(', ')}`,
  );
  const intro = [
    '# Strategies',
    '',
    GENERATED,
    '',
    `${strategies.length} trading rules ship. The gain is the quote amount a rule trades per unit of`,
    'return, right after it has traded: positive gains sell into falls. Provenance says where a default',
    'comes from: `literature`, `practice`, or `assumption`, which studies should sweep. Examples run',
    'without a market; the numbers below each are tested, and printed unrounded by its command with',
    '`--json`. The shared sizing wrapper (band, leverage cap, lots) is off in them unless it is set.',
    '',
    ...contents,
  ];
  const sections = groups.flatMap(({ family, of }) => [
    '',
    `## ${FAMILY_TITLES[family] ?? family}`,
    ...of.flatMap(section),
  ]);
  return `${[...intro, ...sections].join('\n')}\n`;
}

function section(strategy: Strategy): string[] {
  const { name, doc, source, style, gainSign, gain, exitTrigger } = strategy;
  const formula = gain === null ? '' : `; \`${gain.formula}\``;
  return [
    '',
    `### ${name}`,
    '',
    doc,
    '',
    `- Source: ${source}`,
    `- Gain: ${SIGNS[`${gainSign}`]}${formula}`,
    `- Exit: ${exitTrigger}`,
    `- Style: ${style === 'sizing' ? 'names a target, the shared wrapper trades' : 'sends its own orders'}`,
    ...parameters(strategy),
    ...state(strategy),
    ...examples(strategy),
  ];
}

function parameters({ params, paramNames }: Strategy): string[] {
  if (paramNames.length === 0) return [];
  const rows = paramNames.map((name) => {
    const { doc, unit, min, max, default: fallback, integer, source, provenance } = params[name];
    const kind = integer ? `${unit}, whole` : unit;
    return row([`\`${name}\``, doc, kind, `${min} to ${max}`, String(fallback), provenance, source]);
  });
  const titles = ['parameter', 'what', 'unit', 'range', 'default', 'provenance', 'source'];
  return ['', row(titles), row(titles.map(() => '---')), ...rows];
}

function state({ state: specs, stateNames }: Strategy): string[] {
  if (stateNames.length === 0) return [];
  const items = stateNames.map((name) => {
    const { doc, unit, count } = specs[name];
    const many = count === undefined ? '' : ` x ${count}`;
    return row([`\`${name}\`${many}`, doc, unit]);
  });
  return ['', row(['state', 'what', 'unit']), row(['---', '---', '---']), ...items];
}

function examples(strategy: Strategy): string[] {
  return strategy.examples.flatMap((example) => [
    '',
    `${example.doc}:`,
    '',
    '```',
    exampleCommand(strategy, example),
    '```',
    '',
    ...expectedLines(example).map((line) => `- ${line}`),
  ]);
}

/** Writes a row of a table. */
export function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
