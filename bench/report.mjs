// The format of a measurement, and the place where it is written: target/bench/NAME.json, one file for each program.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');
export const target = process.env.CARGO_TARGET_DIR ?? join(root, 'target');
export const folder = join(target, 'bench');

/**
 * @typedef {object} Row
 * @property {string} what  what was measured, in words
 * @property {number} value
 * @property {string} unit
 * @property {string} goal  as in the table of goals, in words
 */

/**
 * Writes the rows of one program.
 * @param {string} name @param {Row[]} rows
 */
export function report(name, rows) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify({ name, rows }, null, 2)}\n`);
}

/** @param {number[]} values */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
