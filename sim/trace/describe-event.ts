/** One row of the event log in words. */
import { EventKind } from './event-kind.js';
import type { EventReader } from './event-reader.js';

const stageNames = ['', 'step down', 'takeover', 'whole at market'];

/** Returns `hh:mm:ss.micros kind: fields` of the row the reader stands on. */
export function describeEvent(reader: EventReader): string {
  return `${describeTime(reader.time)} ${reader.kindName}: ${describeFields(reader)}`;
}

/** Returns every field of the row the reader stands on, for rows that read alike. */
export function describeEventFields(r: EventReader): string {
  return (
    `time ${r.time} ${r.kindName} instrument ${r.instrument} account ${r.account} ` +
    `other ${r.other} priceTicks ${r.priceTicks} sizeLots ${r.sizeLots} cause ${r.cause} ` +
    `value ${r.value} feeA ${r.feeA} feeB ${r.feeB} extra ${r.extra}`
  );
}

/** Returns simulated micros as `hh:mm:ss.ffffff`. */
export function describeTime(timeMicros: number): string {
  const seconds = Math.floor(timeMicros / 1e6);
  const micros = timeMicros - seconds * 1e6;
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return `${pad(hours, 2)}:${pad(minutes, 2)}:${pad(seconds % 60, 2)}.${pad(micros, 6)}`;
}

function describeFields(r: EventReader): string {
  switch (r.kind) {
    case EventKind.trade: {
      const side = r.sizeLots > 0 ? 'buys' : 'sells';
      const cause = r.cause > 0 ? `, for liquidation ${r.cause}` : '';
      return (
        `account ${r.account} ${side} ${Math.abs(r.sizeLots)} lots from ${r.other} at ` +
        `${r.priceTicks} ticks, value ${r.value}, fees ${r.feeA} and ${r.feeB} quanta${cause}`
      );
    }
    case EventKind.mark:
    case EventKind.index:
      return `${r.priceTicks} ticks`;
    case EventKind.funding:
      return r.account < 0
        ? `rate ${r.extra}, remainder ${r.value} quanta to the fund`
        : `account ${r.account} pays ${r.value} quanta`;
    case EventKind.liquidation:
      return (
        `id ${r.cause}, account ${r.account}, ${stageNames[r.other] ?? r.other}, ${r.sizeLots} ` +
        `lots at mark ${r.priceTicks} ticks, equity ${r.value}, maintenance margin ${r.feeA} ` +
        `quanta, bankruptcy price ${r.feeB} ticks`
      );
    case EventKind.takeover:
      return (
        `account ${r.account} to ${r.other}, ${r.sizeLots} lots, cost ${r.value}, ` +
        `wallet ${r.feeA} quanta`
      );
    case EventKind.autoDeleverage:
      return (
        `account ${r.account} against ${r.other}, ${r.sizeLots} lots at ${r.priceTicks} ticks, ` +
        `value ${r.value} quanta`
      );
    case EventKind.fund:
      return `changes by ${r.value} to ${r.extra} quanta`;
    case EventKind.opening:
      return `account ${r.account} holds ${r.sizeLots} lots at cost ${r.value} quanta`;
    case EventKind.deposit:
    case EventKind.badDebt:
      return `account ${r.account}, ${r.value} quanta`;
    case EventKind.account:
      return (
        `account ${r.account} ends with ${r.sizeLots} lots, wallet ${r.value}, cost ${r.feeA}, ` +
        `reserved ${r.extra} quanta`
      );
    default:
      return (
        `account ${r.account}, other ${r.other}, ${r.priceTicks} ticks, ${r.sizeLots} lots, ` +
        `cause ${r.cause}, values ${r.value} ${r.feeA} ${r.feeB} ${r.extra}`
      );
  }
}

function pad(x: number, digits: number): string {
  return String(x).padStart(digits, '0');
}
