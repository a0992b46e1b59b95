// Prints the contents of target/bench/*.json as one table.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { folder } from './report.mjs';

const rows = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .sort()
  .flatMap((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')).rows);

const shown = (value) => (value >= 100 ? Math.round(value) : value.toPrecision(3)).toString();
const cells = rows.map((row) => [row.what, `${shown(row.value)} ${row.unit}`, row.goal]);
const table = [['what', 'measured', 'goal'], ...cells];
const widths = [0, 1, 2].map((column) => Math.max(...table.map((cell) => cell[column].length)));
const line = ([what, measured, goal]) => `| ${what.padEnd(widths[0])} | ${measured.padStart(widths[1])} | ${goal.padEnd(widths[2])} |`;

console.log(line(table[0]));
console.log(`|-${'-'.repeat(widths[0])}-|-${'-'.repeat(widths[1])}:|-${'-'.repeat(widths[2])}-|`);
for (const row of table.slice(1)) console.log(line(row));
