/** Checks the assertions of a scenario, and says where each stands in its text. */
import { isFault, parseAssertion } from './assertion/index.js';
import type { Issue, Path } from './issue.js';
import type { WrittenAssertion } from './schema-assertions.js';

/** Returns the text of an assertion, and its path within the scenario. */
export function assertionAt(written: WrittenAssertion, index: number): { text: string; path: Path } {
  const path = ['assertions', index];
  return typeof written === 'string'
    ? { text: written, path }
    : { text: written.assert, path: [...path, 'assert'] };
}

/** Lists the assertions that do not parse. */
export function assertionIssues(assertions: readonly WrittenAssertion[] = []): Issue[] {
  return assertions.flatMap((written, index) => {
    const { text, path } = assertionAt(written, index);
    const parsed = parseAssertion(text);
    if (!isFault(parsed)) return [];
    const { was, must, column } = parsed;
    return [{ code: 'scenario/assertion', path, was, must, column }];
  });
}
