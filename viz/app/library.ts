/** The shipped scenarios that are small enough to run in a page, bundled as text. */
import blackThursday from '../../scenarios/library/black-thursday-2020.yaml?raw';
import calm from '../../scenarios/library/calm.yaml?raw';
import crowdedVolTarget from '../../scenarios/library/crowded-vol-target.yaml?raw';
import etfClose from '../../scenarios/library/etf-close.yaml?raw';
import flashCrash from '../../scenarios/library/flash-crash.yaml?raw';
import gridTrap from '../../scenarios/library/grid-trap.yaml?raw';
import insurance1987 from '../../scenarios/library/insurance-1987.yaml?raw';
import mixed from '../../scenarios/library/mixed.yaml?raw';
import monoculture from '../../scenarios/library/monoculture.yaml?raw';
import quantQuake2007 from '../../scenarios/library/quant-quake-2007.yaml?raw';

/** One scenario as the page offers it. */
export interface PageScenario {
  name: string;
  title: string;
  text: string;
}

/** In the order of the menu. */
export const pageScenarios: readonly PageScenario[] = [
  { name: 'flash-crash', title: 'Flash crash: one large sell programme', text: flashCrash },
  { name: 'calm', title: 'Calm: an ordinary six hours', text: calm },
  { name: 'monoculture', title: 'Monoculture: one rule, held by everybody', text: monoculture },
  { name: 'mixed', title: 'Mixed: eight rules in proportions that each seed draws', text: mixed },
  {
    name: 'crowded-vol-target',
    title: 'Volatility targeters in a crowd',
    text: crowdedVolTarget,
  },
  { name: 'etf-close', title: 'Leveraged funds before the close', text: etfClose },
  { name: 'grid-trap', title: 'Grid trap: averaging down into a crash', text: gridTrap },
  { name: 'insurance-1987', title: 'Portfolio insurance, 19 October 1987', text: insurance1987 },
  { name: 'quant-quake-2007', title: 'Overlapping books, August 2007', text: quantQuake2007 },
  {
    name: 'black-thursday-2020',
    title: 'Black Thursday: 48 hours, takes minutes here',
    text: blackThursday,
  },
];
