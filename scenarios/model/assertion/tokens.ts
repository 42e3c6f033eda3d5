/** Words and signs of an assertion, each with its place. */

/** A word, a sign, or the end (an empty text). */
export interface Token {
  text: string;
  /** Characters before it, plus 1. */
  column: number;
}

const TOKEN = /\s*([<>=!]=?|[()]|[^\s<>=!()]+)/y;

/** Splits a text; the last token is its end. O(length). */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const pattern = new RegExp(TOKEN);
  for (let found = pattern.exec(text); found !== null; found = pattern.exec(text)) {
    tokens.push({ text: found[1], column: pattern.lastIndex - found[1].length + 1 });
  }
  tokens.push({ text: '', column: text.trimEnd().length + 1 });
  return tokens;
}
