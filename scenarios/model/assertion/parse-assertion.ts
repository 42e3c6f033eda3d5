/** Reads assertions: `badDebtQuote p99 <= 0`, `P(badDebtQuote > 0) <= 5%`. */
import { didYouMean } from '../nearest.js';
import type { Amount, Assertion, Comparison, Statistic } from './assertion.js';
import { parseAmount } from './parse-amount.js';
import { tokensOf } from './tokens.js';
import type { Token } from './tokens.js';

/** What is wrong with the text of an assertion, and where. */
export interface AssertionFault {
  /** Counted from 1. */
  column: number;
  /** The word that stood there, in quotes; `the end` where the text stops. */
  was: string;
  must: string;
}

/** An assertion with the columns of what only a list of figures can judge. */
export interface ParsedAssertion {
  assertion: Assertion;
  columns: { metric: number; threshold: number; level: number };
}

/** Longest assertion, characters. */
const TEXT_MAX = 300;
const COMPARISONS: readonly string[] = ['<', '<=', '>', '>='];
const NAMED = ['mean', 'median', 'min', 'max'] as const;
const METRIC = /^[A-Za-z][A-Za-z0-9]*(?:\.[A-Za-z0-9]+)*$/;
const QUANTILE = /^p(\d{1,2}(?:\.\d)?)$/;
const STATISTIC_MUST = 'must be mean, median, min, max or p0.1 to p99.9';
const AMOUNT_MUST = 'must be a number such as 0.5, 250k or 5%, or a duration such as 10m';
const SHARE_MUST = 'must be a share above 0 and below 1, such as 0.05 or 5% (for none, assert on max or min)';

/** Reads an assertion. Whether its figure exists, and has the unit of its threshold, is not asked. */
export function parseAssertion(text: string): ParsedAssertion | AssertionFault {
  if (text.length > TEXT_MAX) {
    return { column: TEXT_MAX + 1, was: `${text.length} characters`, must: `must be at most ${TEXT_MAX}` };
  }
  try {
    return new Reader(tokensOf(text)).assertion();
  } catch (error) {
    if (error instanceof Fault) return error.found;
    throw error;
  }
}

/** Returns whether an assertion could not be read. */
export function isFault(parsed: ParsedAssertion | AssertionFault): parsed is AssertionFault {
  return 'must' in parsed;
}

/** Ends the reading at the first thing that is wrong. */
class Fault extends Error {
  readonly found: AssertionFault;

  constructor(found: AssertionFault) {
    super(found.must);
    this.found = found;
  }
}

/** Takes tokens one after the other. */
class Reader {
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  assertion(): ParsedAssertion {
    const isShare = this.#at(0).text === 'P' && this.#at(1).text === '(';
    return isShare ? this.#share() : this.#plain();
  }

  #plain(): ParsedAssertion {
    const [metric, metricColumn] = this.#metric();
    const statistic = this.#statistic();
    const comparison = this.#comparison();
    const column = this.#at(0).column;
    const threshold = this.#amount(AMOUNT_MUST);
    const assertion = { metric, statistic, comparison, threshold, definedOnly: this.#end() };
    return { assertion, columns: { metric: metricColumn, threshold: column, level: column } };
  }

  #share(): ParsedAssertion {
    this.#next += 2;
    const [metric, metricColumn] = this.#metric();
    const event = this.#comparison();
    const levelColumn = this.#at(0).column;
    const level = this.#amount(AMOUNT_MUST);
    this.#take((text) => text === ')', 'must be ")"');
    const comparison = this.#take((text) => text === '<=' || text === '>=', 'must be <= or >=') as Comparison;
    const column = this.#at(0).column;
    const threshold = this.#amount(SHARE_MUST, ({ value, isDuration }) => {
      return !isDuration && value > 0 && value < 1;
    });
    const statistic: Statistic = { kind: 'share', comparison: event, level };
    const assertion = { metric, statistic, comparison, threshold, definedOnly: this.#end() };
    return { assertion, columns: { metric: metricColumn, threshold: column, level: levelColumn } };
  }

  #at(ahead: number): Token {
    return this.#tokens[Math.min(this.#next + ahead, this.#tokens.length - 1)];
  }

  #take(isRight: (text: string) => boolean, must: string): string {
    const { text, column } = this.#at(0);
    if (!isRight(text)) {
      throw new Fault({ column, was: text === '' ? 'the end' : JSON.stringify(text), must });
    }
    this.#next++;
    return text;
  }

  #metric(): [name: string, column: number] {
    const { column } = this.#at(0);
    const must = 'must be a figure of a run, such as badDebtQuote';
    return [this.#take((text) => METRIC.test(text), must), column];
  }

  #statistic(): Statistic {
    const { text } = this.#at(0);
    const percent = Number(QUANTILE.exec(text)?.[1] ?? 0);
    if (percent > 0) {
      this.#next++;
      return { kind: 'quantile', percent };
    }
    const isWord = /^[a-z]{3,}$/i.test(text);
    const must = `${STATISTIC_MUST}${isWord ? didYouMean(text, NAMED) : ''}`;
    const kind = this.#take((word) => NAMED.some((one) => one === word), must);
    return { kind: kind as (typeof NAMED)[number] };
  }

  #comparison(): Comparison {
    const must = 'must be <, <=, > or >=';
    return this.#take((text) => COMPARISONS.includes(text), must) as Comparison;
  }

  #amount(must: string, isRight: (amount: Amount) => boolean = () => true): Amount {
    let amount: Amount | null = null;
    this.#take((text) => {
      amount = parseAmount(text);
      return amount !== null && isRight(amount);
    }, must);
    return amount as unknown as Amount;
  }

  /** Reads what may follow; returns whether undefined figures are left out. */
  #end(): boolean {
    const definedOnly = this.#at(0).text === 'where';
    if (definedOnly) {
      this.#next++;
      this.#take((text) => text === 'defined', 'must be "defined"');
    }
    this.#take((text) => text === '', `must be the end${definedOnly ? '' : ', or "where defined"'}`);
    return definedOnly;
  }
}
