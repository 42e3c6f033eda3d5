/** Imports point one way (ARCHITECTURE.md, "Direction"); the compiler's references see boxes only. */
const layers = {
  kernel: [],
  'book|oracle': ['kernel', 'trace'],
  account: ['kernel', 'book', 'trace'],
  risk: ['kernel', 'book', 'account', 'oracle'],
  contagion: ['kernel', 'trace'],
  venue: ['kernel', 'book', 'account', 'oracle', 'risk', 'trace', 'contagion'],
  trace: ['kernel'],
  strategy: ['kernel', 'book', 'account'],
  execution: ['kernel'],
  design: ['kernel', 'metrics', 'counterfactual', 'statistics'],
  statistics: ['kernel', 'metrics'],
  counterfactual: ['kernel', 'metrics', 'statistics'],
  splitting: ['kernel', 'metrics', 'statistics', 'counterfactual'],
  criticality: ['kernel', 'metrics', 'statistics'],
  probe: ['kernel', 'strategy'],
  metrics: ['kernel'],
  guard: ['kernel', 'strategy', 'trace'],
  'stylised-facts': ['kernel', 'metrics'],
  survey: ['kernel', 'strategy', 'probe', 'engine', 'metrics'],
};
const forbidden = [
  { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
  {
    name: 'a-folder-is-entered-by-its-door',
    severity: 'error',
    from: { path: '^(sim/[^/]+|agents/[^/]+|scenarios/[^/]+|viz/[^/]+)/' },
    to: {
      path: '^(sim/[^/]+|agents|agents/[^/]+|scenarios/(model|runtime|experiment)|viz/(data|charts|server))/',
      pathNot: ['/index\\.ts$', '^$1/'],
    },
  },
  { name: 'sim-knows-no-agents', severity: 'error', from: { path: '^sim/' }, to: { path: '^(agents|scenarios|viz|test)/' } },
  { name: 'nothing-below-looks-up-at-surveys', severity: 'error', from: { path: '^sim/', pathNot: '^sim/survey/' }, to: { path: '^sim/survey/' } },
  { name: 'agents-know-the-contract', severity: 'error', from: { path: '^agents/' }, to: { path: '^(scenarios|viz|test)/' } },
  { name: 'nothing-imports-tests', severity: 'error', from: { pathNot: '^test/' }, to: { path: '^test/' } },
  { name: 'pure-is-pure', severity: 'error', from: { path: '^(sim|agents|scenarios/model|viz/data)/' }, to: { dependencyTypes: ['core'] } },
  ...Object.entries(layers).map(([from, to]) => ({
    name: `sim-${from.replaceAll('|', '-')}-looks-down`,
    severity: 'error',
    from: { path: `^sim/(${from})/` },
    to: { path: '^sim/', pathNot: `^sim/(${[...to, ...from.split('|')].join('|')})/` },
  })),
];
module.exports = {
  forbidden,
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|node_modules|runs)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.js'] },
  },
};
