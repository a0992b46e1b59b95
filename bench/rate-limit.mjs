// Measures counting a request for its rate limit: server/benches/rate_limit.rs. A REST request is counted twice, a costly one
// three times.
import { figuresOf } from './cargo-bench.mjs';
import { report } from './report.mjs';

const { few, many } = figuresOf('server', 'rate_limit');
report('rate-limit', [
  { what: 'counting one request, of 1,000 addresses', value: few, unit: 'µs', goal: '≤ 1 µs' },
  { what: 'counting one request, of 100,000 addresses', value: many, unit: 'µs', goal: '≤ 1 µs' },
]);
