// Writes scenario.schema.json from the built schema: run after `npm run build`.
import { writeFileSync } from 'node:fs';
import { scenarioJsonSchemaText } from '../../dist/scenarios/model/index.js';

writeFileSync(new URL('scenario.schema.json', import.meta.url), scenarioJsonSchemaText());
