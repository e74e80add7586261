// Lists what in schema.graphql breaks clients of the schema of another commit, and fails on what
// docs/breaking-changes.md does not give a reason for.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { breaksBetween } from './schema/breaking.js';

const HELP = `Usage: npm run schema:breaking [-- --against REF]

Compares schema.graphql with that of the commit where this one left REF; without it, of the commit before this one.
Lists the changes that break clients; exit 1 if docs/breaking-changes.md has no reason for one of them.`;

async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    console.log(HELP);
    return 0;
  }
  const [option, against, ...others] = args;
  const isKnown = option === '--against' && against !== undefined && !against.startsWith('-');
  if (others.length > 0 || (option !== undefined && !isKnown)) {
    console.error(`unknown arguments ${args.join(' ')}; try --help`);
    return 2;
  }
  const base = against === undefined ? 'HEAD~1' : leftAt(against);
  if (base === undefined) {
    console.error(`this commit has nothing in common with ${against}`);
    return 2;
  }
  const before = schemaOf(base);
  if (before === undefined) {
    console.error(`there is no schema.graphql in a commit ${base}`);
    return 2;
  }
  const { refused, agreed } = await breaksBetween(
    before,
    readFileSync('schema.graphql', 'utf8'),
    readFileSync('docs/breaking-changes.md', 'utf8'),
  );
  for (const one of agreed) console.log(`agreed: ${one}`);
  for (const one of refused) console.error(`breaking: ${one}`);
  if (refused.length === 0) console.log(`nothing else since ${base} breaks clients`);
  return refused.length === 0 ? 0 : 1;
}

/** Where this commit and another went apart: what came to the other since is not undone here. */
function leftAt(ref: string): string | undefined {
  const { status, stdout } = spawnSync('git', ['merge-base', 'HEAD', ref], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

/** The checked-in schema of a commit. */
function schemaOf(commit: string): string | undefined {
  const { status, stdout } = spawnSync('git', ['show', `${commit}:schema.graphql`], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return status === 0 ? stdout : undefined;
}

process.exitCode = await main(process.argv.slice(2));
