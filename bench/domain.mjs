// Measures reading, checking and editing the corpus: domain/benches/corpus.rs. Without the corpus there is nothing to measure.
import { figuresOf } from './cargo-bench.mjs';
import { report } from './report.mjs';

const goals = { 'read + check': ['≤ 200 µs', ''], 'one edit, re-read and verified': ['≤ 400 µs', '≤ 5000 µs'] };
const rows = figuresOf('domain', 'corpus').flatMap(({ what, unit, median, max }) => {
  const [atMedian, atMost] = goals[what] ?? ['', ''];
  return [
    { what: `${what}, per corpus file, median`, value: median, unit, goal: atMedian },
    { what: `${what}, per corpus file, slowest`, value: max, unit, goal: atMost },
  ];
});
report('domain', rows);
