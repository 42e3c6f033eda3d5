/** The address of what is on screen: everything after `#`. */

/** A screen and its state; times are simulated micros. */
export type Route =
  | { screen: 'runs' }
  | { screen: 'here'; scenario: string; seed: number }
  /** A stored run, to be run again in the page. */
  | { screen: 'again'; runId: string }
  | {
      screen: 'replay';
      runId: string;
      timeMicros: number | null;
      view: [number, number] | null;
      selectedId: number | null;
      testing: boolean;
    };

/** Reads a location hash; anything unknown is the list of runs. */
export function parseRoute(hash: string, search = ''): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const parameters = new URLSearchParams(query);
  const [screen, ...rest] = path.split('/');
  if (screen === 'here') {
    const again = parameters.get('run');
    if (again) return { screen: 'again', runId: again };
    const seed = Number(parameters.get('seed') ?? 0);
    return {
      screen: 'here',
      scenario: parameters.get('scenario') ?? 'calm',
      seed: Number.isSafeInteger(seed) && seed >= 0 ? seed : 0,
    };
  }
  const runId = screen === 'replay' ? decoded(rest[0] ?? '') : '';
  if (runId) {
    return {
      screen: 'replay',
      runId,
      timeMicros: wholeNumber(parameters.get('t')),
      view: span(parameters.get('x')),
      selectedId: wholeNumber((parameters.get('sel') ?? '').replace(/^liq:/, '')),
      testing: parameters.has('testing') || new URLSearchParams(search).has('testing'),
    };
  }
  return { screen: 'runs' };
}

/** The hash that leads back to a route. */
export function formatRoute(route: Route): string {
  if (route.screen === 'runs') return '#/';
  if (route.screen === 'again') return `#/here?run=${encodeURIComponent(route.runId)}`;
  if (route.screen === 'here') {
    return `#/here?scenario=${encodeURIComponent(route.scenario)}&seed=${route.seed}`;
  }
  const parameters: string[] = [];
  if (route.timeMicros !== null) parameters.push(`t=${route.timeMicros}`);
  if (route.view) parameters.push(`x=${route.view[0]}:${route.view[1]}`);
  if (route.selectedId !== null) parameters.push(`sel=liq:${route.selectedId}`);
  if (route.testing) parameters.push('testing=1');
  const query = parameters.length > 0 ? `?${parameters.join('&')}` : '';
  return `#/replay/${encodeURIComponent(route.runId)}${query}`;
}

/** Empty for an escape that stands for no character. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

function wholeNumber(text: string | null): number | null {
  if (!text) return null;
  const value = Number(text);
  return Number.isSafeInteger(value) && value >= 0 ? value : null;
}

function span(text: string | null): [number, number] | null {
  const [from, to] = (text ?? '').split(':').map((part) => wholeNumber(part));
  if (from === undefined || from === null || to === undefined || to === null) return null;
  return from < to ? [from, to] : null;
}
