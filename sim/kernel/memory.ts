import { assert } from './assert.js';

/** Hands out zeroed typed arrays by name: asking twice for a name gives the same memory. */
export interface Memory {
  int32(name: string, length: number): Int32Array;
  float64(name: string, length: number): Float64Array;
}

/** Memory of one thread, in plain ArrayBuffers. */
export class LocalMemory implements Memory {
  private readonly buffers = new Map<string, ArrayBuffer>();

  int32(name: string, length: number): Int32Array {
    return new Int32Array(this.buffer(name, length * 4));
  }

  float64(name: string, length: number): Float64Array {
    return new Float64Array(this.buffer(name, length * 8));
  }

  private buffer(name: string, bytes: number): ArrayBuffer {
    let buffer = this.buffers.get(name);
    if (buffer === undefined) {
      buffer = new ArrayBuffer(bytes);
      this.buffers.set(name, buffer);
    }
    assertBytes(name, buffer.byteLength, bytes);
    return buffer;
  }
}

/** Memory that threads share: made elsewhere from the same `buffers`, it has the same rows. */
export class SharedMemory implements Memory {
  readonly buffers: Record<string, SharedArrayBuffer>;

  constructor(buffers: Record<string, SharedArrayBuffer> = {}) {
    this.buffers = buffers;
  }

  int32(name: string, length: number): Int32Array {
    return new Int32Array(this.buffer(name, length * 4));
  }

  float64(name: string, length: number): Float64Array {
    return new Float64Array(this.buffer(name, length * 8));
  }

  private buffer(name: string, bytes: number): SharedArrayBuffer {
    this.buffers[name] ??= new SharedArrayBuffer(bytes);
    assertBytes(name, this.buffers[name].byteLength, bytes);
    return this.buffers[name];
  }
}

function assertBytes(name: string, wasBytes: number, bytes: number): void {
  assert(wasBytes === bytes, `memory "${name}" has ${wasBytes} bytes, asked for ${bytes}`);
}
