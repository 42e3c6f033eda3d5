/** An analysis as plain data: `analysis.json`, and what `--json` prints. */
import type { Analysis } from './analysis.js';
import type { CellTable } from './cell-table.js';
import { limitsOf } from './report/index.js';

export const analysisFormat = 'stampede-analysis';
const FORMAT_VERSION = 1;

/** Returns everything but resamples; what is undefined is null once it is JSON. */
export function analysisFacts(analysis: Analysis) {
  const { manifest, outcomes, results, differences, phases, critical, searches, convergence } = analysis;
  const { study, runs, complete, sha256, plan } = manifest;
  return {
    format: analysisFormat,
    formatVersion: FORMAT_VERSION,
    version: study.version,
    study: { name: study.name, title: study.study.title, question: study.study.question, digest: study.digest, designDigest: study.designDigest },
    manifest: sha256,
    plan,
    runs,
    complete,
    outcomes: outcomes.map(({ metric, statistic, label, unit, declared, level, tail }) => ({
      metric: metric.name, statistic, label, unit, declared, level,
      tailIndex: tail === null ? null : { wide: tail.hill.wide.value, narrow: tail.hill.narrow.value, inPlaceOf: tail.replaced },
    })),
    results: results.map(({ outcome, ...rest }) => ({ outcome: outcome.label, ...rest })),
    differences,
    phases: phases.map(({ cells, above, ...rest }) => ({ ...rest, cells: cellFacts(cells), shareAboveLevel: Array.from(above) })),
    critical,
    searches,
    convergence,
    limits: limitsOf(analysis),
  };
}

function cellFacts({ columns, rows, value, runs }: CellTable) {
  return { columns, rows, value: Array.from(value), runs: Array.from(runs) };
}
