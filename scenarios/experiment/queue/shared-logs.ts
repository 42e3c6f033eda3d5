/** Results that a worker keeps itself, in a folder that it shares with the coordinator. */
import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import { readStudyFile, ResultLog, studyFileName } from '../store/index.js';
import type { StoredResult } from '../store/index.js';

/** The logs of a worker: one in each study's folder. */
export class SharedLogs {
  readonly #logs = new Map<string, ResultLog>();
  readonly #say: (line: string) => void;
  #isTold = false;

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  /**
   * Appends results to this worker's own log and sees that they are on the disk. Returns false where that is
   * not possible here: the folder is not that of the study, or full; the results then go back another way.
   *
   * @param folder of the logs
   * @param study its digest
   */
  keep(folder: string, study: string, results: readonly StoredResult[]): boolean {
    try {
      const log = this.#logs.get(folder) ?? this.#open(folder, study);
      for (const one of results) log.append(one);
      log.sync();
      return true;
    } catch (error) {
      // A log whose line is torn is not gone on with.
      this.#logs.get(folder)?.close();
      this.#logs.delete(folder);
      if (!this.#isTold) {
        const why = error instanceof Error ? error.message : String(error);
        this.#say(`worker: results go back through the queue: ${why}`);
      }
      this.#isTold = true;
      return false;
    }
  }

  close(): void {
    for (const log of this.#logs.values()) log.close();
    this.#logs.clear();
  }

  #open(folder: string, study: string): ResultLog {
    // A machine where the folder is not mounted must not make one.
    const file = join(dirname(folder), studyFileName);
    if (!fs.existsSync(file) || readStudyFile(file).digest !== study) {
      throw new Error(`${dirname(folder)} is not the folder of the study on this machine`);
    }
    const log = new ResultLog(folder);
    this.#logs.set(folder, log);
    return log;
  }
}
