const INSERTION_MAX = 24;
let scratch = new Int32Array(1024);

/**
 * Sorts the indices `order[0..count)` by `keys[order[i]]` ascending; equal keys keep their order.
 * Keys must not be NaN. O(count log count), O(count) when already sorted; allocates only when
 * `count` exceeds every earlier one.
 */
export function sortByKey(keys: Float64Array, order: Int32Array, count: number): void {
  if (count <= INSERTION_MAX) {
    insertionSort(keys, order, 0, count);
    return;
  }
  if (scratch.length < count) scratch = new Int32Array(count * 2);
  for (let from = 0; from < count; from += INSERTION_MAX) {
    insertionSort(keys, order, from, from + INSERTION_MAX < count ? from + INSERTION_MAX : count);
  }
  for (let width = INSERTION_MAX; width < count; width *= 2) {
    for (let from = 0; from + width < count; from += 2 * width) {
      const middle = from + width;
      merge(keys, order, from, middle, middle + width < count ? middle + width : count);
    }
  }
}

function insertionSort(keys: Float64Array, order: Int32Array, from: number, to: number): void {
  for (let i = from + 1; i < to; i++) {
    const moved = order[i];
    const key = keys[moved];
    let j = i - 1;
    while (j >= from && keys[order[j]] > key) {
      order[j + 1] = order[j];
      j--;
    }
    order[j + 1] = moved;
  }
}

/** Merges the sorted runs [from, middle) and [middle, to), using `scratch` for the first. */
function merge(
  keys: Float64Array,
  order: Int32Array,
  from: number,
  middle: number,
  to: number,
): void {
  if (keys[order[middle - 1]] <= keys[order[middle]]) return;
  const left = scratch;
  const leftCount = middle - from;
  for (let i = 0; i < leftCount; i++) left[i] = order[from + i];
  let i = 0;
  let j = middle;
  let at = from;
  let leftKey = keys[left[0]];
  let rightKey = keys[order[middle]];
  for (;;) {
    if (rightKey < leftKey) {
      order[at++] = order[j++];
      if (j === to) break;
      rightKey = keys[order[j]];
    } else {
      order[at++] = left[i++];
      if (i === leftCount) return;
      leftKey = keys[left[i]];
    }
  }
  while (i < leftCount) order[at++] = left[i++];
}
