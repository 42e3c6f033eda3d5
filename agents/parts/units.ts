/** Time units in microseconds, the unit of every clock and latency. */

export const SECOND_MICROS = 1e6;
export const HOUR_MICROS = 3600e6;
export const DAY_MICROS = 86400e6;
