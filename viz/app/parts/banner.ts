/** A line above the screen for what the visitor should know: interrupted, damaged, server gone. */
import { element, setText } from '../dom.js';

/** Shows one message at a time. */
export class Banner {
  readonly root: HTMLElement;
  private readonly text = element('span');
  private readonly again = element('button', { type: 'button' }, 'Try again');
  private onAgain: (() => void) | null = null;

  constructor() {
    this.root = element(
      'div',
      { class: 'banner', role: 'alert', hidden: true },
      this.text,
      this.again,
    );
    this.again.addEventListener('click', () => this.onAgain?.());
  }

  /** Shows a message; with `again` it offers to try again. */
  show(message: string, again: (() => void) | null = null): void {
    setText(this.text, message);
    this.root.classList.remove('alarm');
    this.onAgain = again;
    this.again.hidden = again === null;
    this.root.hidden = false;
  }

  /** Shows that something must not be trusted. */
  alarm(message: string): void {
    this.show(message);
    this.root.classList.add('alarm');
  }

  hide(): void {
    this.root.hidden = true;
  }
}
