/**
 * Plants bugs in the policies, the compiler and the rewriting, one at a time, in a copy of the
 * project, and shows which test notices each: `npm run mutants`. Survivors are a failure.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { mutants } from './mutants/list.js';
import type { Mutant } from './mutants/mutant.js';

const HELP = `Usage: npm run mutants -- [--only TEXT] [--list] [--help]

Plants one bug after another in a copy of the project and runs the tests on it.
  --only TEXT  only bugs whose name contains TEXT
  --from N     begins with the N-th, to go on with a run that was broken off
  --list       name them without planting any; fails where one no longer fits the code
Ends with status 1 when a bug survives.`;

/** The tests that are expected to notice, the quickest first: what a principal may read. */
const STAGES = [
  ['test/policy'],
  ['test/data/enforce'],
  [
    'test/acceptance',
    'test/identity/load-principal.test.ts',
    'test/identity/principal-anew.test.ts',
  ],
  ['test/data/registered-tables.test.ts'],
  ['test/conformance'],
];

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    from: { type: 'string', default: '1' },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  console.log(HELP);
} else {
  const named = mutants.filter((mutant) => mutant.name.includes(values.only));
  const chosen = named.slice(Number(values.from) - 1);
  for (const mutant of chosen) planted('.', mutant);
  if (values.list) for (const { name, file } of chosen) console.log(`${name}  (${file})`);
  else process.exitCode = run(chosen);
}

function run(chosen: readonly Mutant[]): number {
  const copy = mkdtempSync(join(tmpdir(), 'heimdall-mutants-'));
  try {
    copyProject(copy);
    // Else every bug would seem to be noticed.
    const broken = firstFailureOfAll(copy);
    if (broken !== null) throw new Error(`this fails without any bug planted: ${broken}`);
    const survivors = chosen.filter((mutant, index) => {
      const killer = plant(copy, mutant);
      const line = killer === null ? 'SURVIVED' : `killed by ${killer}`;
      console.log(`${String(index + 1).padStart(3)}/${chosen.length}  ${mutant.name}: ${line}`);
      return killer === null;
    });
    console.log(`${chosen.length - survivors.length} killed, ${survivors.length} survived`);
    return survivors.length === 0 ? 0 : 1;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function copyProject(copy: string): void {
  for (const part of [
    'src',
    'prisma',
    'test',
    'package.json',
    'tsconfig.json',
    'vitest.config.ts',
  ]) {
    cpSync(part, join(copy, part), { recursive: true });
  }
  symlinkSync(resolve('node_modules'), join(copy, 'node_modules'));
}

/** Which test failed on the bug, or null when none did. */
function plant(copy: string, mutant: Mutant): string | null {
  const path = join(copy, mutant.file);
  const original = readFileSync(path);
  writeFileSync(path, planted(copy, mutant));
  try {
    return firstFailureOfAll(copy);
  } finally {
    writeFileSync(path, original);
  }
}

/** A file with the bug in it. Throws unless there is one place for it. */
function planted(root: string, { name, file, find, replace }: Mutant): string {
  const original = readFileSync(join(root, file), 'utf8');
  if (original.split(find).length !== 2) throw new Error(`${name}: not found once in ${file}`);
  return original.replace(find, () => replace);
}

function firstFailureOfAll(copy: string): string | null {
  for (const tests of STAGES) {
    const failure = firstFailure(copy, tests);
    if (failure !== null) return failure;
  }
  return null;
}

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

function firstFailure(copy: string, tests: readonly string[]): string | null {
  const output = join(copy, 'report.json');
  rmSync(output, { force: true });
  const { TEST_DATABASE_URL: _server, ...env } = process.env;
  const vitest = join('node_modules', 'vitest', 'vitest.mjs');
  const args = [
    'run',
    '--bail=1',
    '--reporter=json',
    `--outputFile=${output}`,
    '--project=embedded',
    ...tests,
  ];
  const done = spawnSync(process.execPath, [vitest, ...args], {
    cwd: copy,
    env: { ...env, CONFORMANCE_SHRINK: 'no' },
    stdio: 'ignore',
  });
  if (done.status === 0) return null;
  const report = JSON.parse(readFileSync(output, 'utf8')) as Report;
  for (const file of report.testResults) {
    const failed = file.assertionResults.find((test) => test.status === 'failed');
    if (failed !== undefined) return failed.fullName;
  }
  return report.testResults.find((file) => file.status === 'failed')?.name ?? 'the test run itself';
}
