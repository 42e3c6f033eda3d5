/** Writes the pages that follow from the declarations: `npm run docs`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { registry } from '../../../agents/index.js';
import { metricInfos } from '../../../sim/metrics/index.js';
import { packageRoot } from '../../runtime/index.js';
import { cardsPage } from './cards-page.js';
import { metricsPage } from './metrics-page.js';
import { strategiesPage } from './strategies-page.js';
import { studyPages } from './studies/index.js';

const pages = {
  'strategies.md': strategiesPage(registry),
  'strategy-cards.md': cardsPage(registry),
  'metrics.md': metricsPage(metricInfos),
  ...(await studyPages()),
};

for (const [name, text] of Object.entries(pages)) {
  writeFileSync(join(packageRoot, 'docs', name), text);
}
