/** Every example of every declaration, through the probe: the numbers printed in the docs. */
import { describe, expect, it } from 'vitest';
import { registry } from '../../agents/index.js';
import { checkExample } from '../../sim/probe/index.js';

const cases = registry.flatMap((strategy) =>
  strategy.examples.map((example) => [strategy.name, example.doc, strategy, example] as const),
);

describe('examples of declarations', () => {
  it.each(cases)('%s: %s', (_name, _doc, strategy, example) => {
    expect(checkExample(strategy, example)).toEqual([]);
  });
});
