// Generates the Prisma client and the data model unless they are there and newer than the schema.
// Plain JavaScript, because it runs before anything that TypeScript could import.
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';

const SOURCES = [join('prisma', 'schema.prisma'), join('scripts', 'data-model-generator.ts')];
const RESULTS = [
  join('src', 'data', 'generated', 'client.ts'),
  join('src', 'data', 'generated-data-model.ts'),
];

/** When a file was changed last; a missing one never was. */
const changed = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

if (Math.min(...RESULTS.map(changed)) < Math.max(...SOURCES.map(changed))) {
  const entry = join('node_modules', 'prisma', 'build', 'index.js');
  const done = spawnSync(process.execPath, [entry, 'generate'], { encoding: 'utf8' });
  if (done.status !== 0) {
    process.stderr.write(`${done.stdout}${done.stderr}`);
    process.exit(done.status ?? 1);
  }
}
