/** The key of a run: what it was made from, and nothing else. */
import { packageVersion } from '../../runtime/index.js';
import { canonicalJson, sha256 } from './subject.js';
import type { Settings } from './subject.js';

/** Raised when what is measured of a run changes while the run does not. */
const MEASURES_VERSION = 1;
/** Hexadecimal digits of a key: 128 bits. */
const KEY_DIGITS = 32;

/**
 * Returns the key of a run, 32 hexadecimal digits. Equal inputs, with the same version, have equal keys:
 * neither the study's name, nor its folder, nor the machine enters.
 *
 * @param subject digest of the subject
 */
export function runKey(subject: string, settings: Settings, seed: number): string {
  const inputs = [packageVersion, MEASURES_VERSION, subject, settings, seed];
  return sha256(canonicalJson(inputs)).slice(0, KEY_DIGITS);
}
