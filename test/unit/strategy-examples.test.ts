/** Every example of every declaration, through the probe: the numbers printed in the docs. */
import { describe, expect, it } from 'vitest';
import { registry } from '../../agents/index.js';
import { commands } from '../../scenarios/cli/commands.js';
import { exampleCommand } from '../../scenarios/cli/example-command.js';
import { parseCommandLine } from '../../scenarios/cli/parser.js';
import { readProbeRequest } from '../../scenarios/cli/probe-command.js';
import { answerProbe, checkExample, runExample } from '../../sim/probe/index.js';

const cases = registry.flatMap((strategy) =>
  strategy.examples.map((example) => [strategy.name, example.doc, strategy, example] as const),
);

describe('examples of declarations', () => {
  it.each(cases)('%s: %s', (_name, _doc, strategy, example) => {
    expect(checkExample(strategy, example)).toEqual([]);
  });

  it('are what their commands print', async () => {
    for (const [name, doc, strategy, example] of cases) {
      const [stampede, ...words] = exampleCommand(strategy, example).split(' ');
      const parsed = await parseCommandLine(words, commands);
      expect([stampede, parsed?.command.name, parsed?.args.rule]).toEqual(['stampede', 'probe', name]);
      const { steps } = answerProbe(strategy, readProbeRequest(strategy, parsed?.args ?? {}));
      expect(steps, `${name}: ${doc}`).toEqual(runExample(strategy, example));
    }
  });
});
