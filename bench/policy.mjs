// Measures decisions by the casbin rules: core/benches/policy.rs.
import { figuresOf } from './cargo-bench.mjs';
import { report } from './report.mjs';

const { warm, first } = figuresOf('stacker', 'policy');
report('policy', [
  { what: 'one rule decision, cached', value: warm, unit: 'µs', goal: '≤ 5 µs' },
  { what: 'one rule decision, uncached', value: first, unit: 'µs', goal: '' },
]);
