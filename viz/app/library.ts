/** The shipped scenarios that are small enough to run in a page, bundled as text. */
import blackThursday from '../../scenarios/library/black-thursday-2020.yaml?raw';
import calm from '../../scenarios/library/calm.yaml?raw';
import flashCrash from '../../scenarios/library/flash-crash.yaml?raw';

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
  {
    name: 'black-thursday-2020',
    title: 'Black Thursday: 48 hours, takes minutes here',
    text: blackThursday,
  },
];
