/** The scenario's JSON Schema, for completion and hover text in editors. */
import { registry } from '../../agents/index.js';
import type { Strategy } from '../../sim/strategy/index.js';
import { z } from 'zod';
import { scenarioSchema } from './schema.js';

type Json = Record<string, unknown>;

/**
 * Derives the JSON Schema (draft 2020-12) of scenarios as written, with the parameters of every
 * strategy under the strategy's name.
 */
export function scenarioJsonSchema(strategies: readonly Strategy[] = registry): Json {
  const schema = z.toJSONSchema(scenarioSchema, { io: 'input', reused: 'inline' }) as Json;
  const properties = schema.properties as Record<string, Json>;
  const cohort = (properties.population as { items: Json }).items;
  const cohortProperties = cohort.properties as Record<string, Json>;
  cohortProperties.strategy = {
    description: 'Name of the strategy',
    anyOf: [{ enum: strategies.map((one) => one.name) }, { type: 'string' }],
  };
  cohort.allOf = strategies.map(paramsWhen);
  return schema;
}

/** Parameters that hold when a cohort names the strategy. */
function paramsWhen(strategy: Strategy): Json {
  const properties: Record<string, Json> = {};
  for (const name of strategy.paramNames) {
    const declared = strategy.params[name];
    const plain: Json = {
      type: declared.integer === true ? 'integer' : 'number',
      minimum: declared.min,
      maximum: declared.max,
    };
    const written: Json[] = [plain];
    if (declared.unit === 'microseconds') written.push({ type: 'string' });
    written.push({ $ref: '#/$defs/Distribution' });
    properties[name] = {
      description: `${declared.doc} [${declared.unit}] (${declared.source})`,
      default: declared.default,
      anyOf: written,
    };
  }
  return {
    if: { properties: { strategy: { const: strategy.name } }, required: ['strategy'] },
    // biome-ignore lint/suspicious/noThenProperty: `then` is a keyword of JSON Schema
    then: {
      properties: { params: { properties, additionalProperties: false } },
    },
  };
}

/** Returns the text of the published file. */
export function scenarioJsonSchemaText(): string {
  return `${JSON.stringify(scenarioJsonSchema(), null, 1)}\n`;
}
