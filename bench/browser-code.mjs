// Measures what a browser downloads before a page is interactive: the precompressed files that scripts/build.sh wrote.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { report, root } from './report.mjs';

const pkg = join(root, 'target/site/pkg');
const kilobytes = (endings) =>
  readdirSync(pkg)
    .filter((file) => endings.some((ending) => file.endsWith(ending)))
    .reduce((sum, file) => sum + statSync(join(pkg, file)).size, 0) / 1000;

report('browser-code', [
  { what: 'browser code, brotli of wasm + js', value: kilobytes(['.wasm.br', '.js.br']), unit: 'kB', goal: '≤ 450 kB' },
  { what: 'browser code, raw wasm', value: kilobytes(['.wasm']), unit: 'kB', goal: '' },
  { what: 'styles, brotli', value: kilobytes(['.css.br']), unit: 'kB', goal: '' },
]);
