/** `docs/strategy-cards.md`: what reproduces each algorithm card. */
import type { Strategy } from '../../../sim/strategy/index.js';
import { exampleCommand } from '../example-command.js';
import { cards } from './cards.js';
import { jsonField } from './expected-text.js';
import { GENERATED, row } from './strategies-page.js';

/** Writes the page. */
export function cardsPage(strategies: readonly Strategy[]): string {
  const titles = ['card', 'rule', 'strategy', 'command', 'field of its answer'];
  const rows = cards.flatMap(({ name, title, tested }) => {
    const found = strategies.flatMap((strategy) =>
      strategy.examples
        .filter((example) => example.card === name)
        .map((example) =>
          row([
            name,
            title,
            link(strategy.name),
            `\`${exampleCommand(strategy, example)} --json\``,
            example.expect.map((one) => `\`${jsonField(one)}\``).join(', '),
          ]),
        ),
    );
    if (found.length > 0 || tested === undefined) return found;
    return [row([name, title, tested.strategies.map(link).join(', '), '-', tested.why])];
  });
  const absent = cards.flatMap(({ name, title, absent: why }) =>
    why === undefined ? [] : [`- **${name}** ${title}: ${why}.`],
  );
  return `${[
    '# Algorithm cards',
    '',
    GENERATED,
    '',
    'Which strategy implements each card of the design, the command that reproduces its numbers without a',
    'market, and where they stand in the JSON it prints. [Strategies](strategies.md) has the numbers.',
    '',
    row(titles),
    row(titles.map(() => '---')),
    ...rows,
    '',
    '## Not built',
    '',
    ...absent,
  ].join('\n')}\n`;
}

function link(name: string): string {
  return `[${name}](strategies.md#${name})`;
}
