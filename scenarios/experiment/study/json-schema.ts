/** The JSON Schema of studies, for completion and hover text in editors. */
import { z } from 'zod';
import { studySchema } from './study-schema.js';

/** Returns the text of the published file (draft 2020-12). */
export function studyJsonSchemaText(): string {
  const schema = z.toJSONSchema(studySchema, { io: 'input', reused: 'inline' });
  return `${JSON.stringify(schema, null, 1)}\n`;
}
