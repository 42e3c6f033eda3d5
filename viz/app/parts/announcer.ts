/** Tells screen readers what changed, and shows short notices. */
import { element } from '../dom.js';

/** Says a sentence in the polite live region; `visible` also shows it for a moment. */
export function announce(text: string, visible = false): void {
  const region = document.getElementById('announcer');
  if (region) region.textContent = text;
  if (!visible) return;
  const notice = element('div', { class: 'notice', 'aria-hidden': 'true' }, text);
  document.body.append(notice);
  setTimeout(() => notice.remove(), 2200);
}
