/** What every screen offers to the frame around it. */
import type { Route } from '../route.js';

/** A screen; `show` takes an address of its own kind, `close` gives everything back. */
export interface Screen {
  readonly root: HTMLElement;
  show(route: Route): void;
  themeChanged(): void;
  close(): void;
}
