// Asking the rules of who may do what: core/benches/policy.rs.
import { figuresOf } from './cargo-bench.mjs';
import { report } from './report.mjs';

const { warm, first } = figuresOf('stacker', 'policy');
report('policy', [
  { what: 'asking the rules about a request, decided before', value: warm, unit: 'µs', goal: '≤ 5 µs' },
  { what: 'asking the rules about a request, for the first time', value: first, unit: 'µs', goal: '' },
]);
