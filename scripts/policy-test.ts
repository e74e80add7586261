// Runs files of policy tests (docs/policy-tests.md).
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { openEmbedded } from '../src/data/clients/embedded.js';
import { bringUpToDate } from '../src/data/up-to-date.js';
import { readPolicyFile } from './policy-test/policy-file.js';
import { AskError, FileError } from './policy-test/problem.js';
import { counted } from './policy-test/report.js';
import { onOwnGateway, onRunningGateway, type Readied, type Run } from './policy-test/run.js';

const HELP = `Usage: npm run policy:test -- [options] [files or folders]

Asks for what YAML files say that people can and cannot do, and says where it is not so, and why. Without files,
everything in policies/. docs/policy-tests.md says how they are written.

Files with a world (their own, or the demo world) are run on an embedded database that is gone afterwards. Files about a
running gateway, and those about the demo world, are run against it with

  --url <url>               its GraphQL endpoint, such as http://127.0.0.1:4000/graphql
  --token-command <command> prints the token of a person, named by the variables POLICY_TEST_PERSON and POLICY_TEST_EMAIL;
                            for whom nothing is printed, the file's asker asks in their place
  --help                    this text

Before the command is asked, the token of a person is looked for in the variable POLICY_TEST_TOKEN_<PERSON>, in
capitals, with _ for whatever is no letter or digit. Nothing is changed on a running gateway.

Ends with 0 when everything is as the files say, 1 when something is not, and 2 when it could not be asked: a file that
is none, somebody or something that is not there, a token that is refused.
`;

const FAILED = 1;
const NOT_ASKED = 2;

interface Wishes {
  readonly paths: readonly string[];
  readonly url: string | undefined;
  readonly tokenCommand: string | undefined;
}

function wishes(): Wishes | 'help' {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      url: { type: 'string' },
      'token-command': { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  const { url, 'token-command': tokenCommand } = values;
  if (tokenCommand !== undefined && url === undefined) {
    throw new AskError('--token-command is for a running gateway: say which by --url');
  }
  if (url !== undefined && !(URL.canParse(url) && /^https?:/.test(url))) {
    throw new AskError('--url must be the URL of a GraphQL endpoint');
  }
  return { paths: positionals.length === 0 ? ['policies'] : positionals, url, tokenCommand };
}

/** The YAML files at a path, or in the folder there. Throws AskError: there are none. */
function filesAt(path: string): string[] {
  if (!isThere(path)) throw new AskError(`there is no ${path}`);
  if (!statSync(path).isDirectory()) return [path];
  const found = readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.ya?ml$/.test(name))
    .sort();
  if (found.length === 0) throw new AskError(`there is no YAML file in ${path}`);
  return found.map((name) => join(path, name));
}

const isThere = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) !== undefined;

/** Reads all of them, and says of each what is wrong with it. Answers null where anything is. */
function readAll(paths: readonly string[]): Readied[] | null {
  const files: Readied[] = [];
  for (const path of paths) {
    try {
      files.push({ path, file: readPolicyFile(readFileSync(path, 'utf8')) });
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      complain(path, error);
    }
  }
  return files.length === paths.length ? files : null;
}

function complain(path: string, { problems }: FileError): void {
  for (const { line, message } of problems) console.error(`${path}:${line}: ${message}`);
}

async function main(): Promise<number> {
  const wished = wishes();
  if (wished === 'help') {
    process.stdout.write(HELP);
    return 0;
  }
  const { paths, url, tokenCommand } = wished;
  const files = readAll([...new Set(paths.flatMap(filesAt))]);
  if (files === null) return NOT_ASKED;
  if (url !== undefined) return runAll(files, onRunningGateway(url, tokensBy(tokenCommand)));
  const database = await openEmbedded({ folder: 'memory://' });
  try {
    await bringUpToDate(database);
    const { run, close } = await onOwnGateway(database, files);
    try {
      return await runAll(files, run);
    } finally {
      await close();
    }
  } finally {
    await database.close();
  }
}

async function runAll(files: readonly Readied[], run: Run): Promise<number> {
  let [expected, failed, unasked] = [0, 0, 0];
  for (const readied of files) {
    try {
      const { path, expectations, failures } = await run(readied);
      expected += expectations;
      failed += failures.length;
      for (const lines of failures) console.log(`${lines.join('\n')}\n`);
      const how = failures.length === 0 ? 'hold' : `of which ${failures.length} fail`;
      console.log(`${path}: ${counted(expectations, 'expectation')}, ${how}`);
    } catch (error) {
      if (error instanceof FileError) complain(readied.path, error);
      else if (error instanceof AskError) console.error(`${readied.path}: ${error.message}`);
      else throw error;
      unasked += 1;
    }
  }
  const rest = unasked === 0 ? '' : `; ${counted(unasked, 'file')} could not be asked`;
  console.log(
    `${counted(files.length, 'file')}, ${counted(expected, 'expectation')}: ${failed} failed${rest}`,
  );
  return unasked > 0 ? NOT_ASKED : failed > 0 ? FAILED : 0;
}

function tokensBy(command: string | undefined) {
  return async (person: string, email: string): Promise<string | null> => {
    const variable = `POLICY_TEST_TOKEN_${person.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`;
    const given = process.env[variable]?.trim();
    if (given) return given;
    if (command === undefined) return null;
    // By variables and not in the text of the command: what a file calls somebody is never run.
    const env = { ...process.env, POLICY_TEST_PERSON: person, POLICY_TEST_EMAIL: email };
    const { stdout } = await promisify(execFile)('/bin/sh', ['-c', command], { env }).catch(
      (error: Error) => {
        throw new AskError(`the token command failed for ${person}: ${error.message.trim()}`);
      },
    );
    return stdout.trim() || null;
  };
}

function isUsage(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return error instanceof AskError || code.startsWith('ERR_PARSE_ARGS');
}

try {
  process.exitCode = await main();
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  const hint = isUsage(error) ? '\ntry --help' : '';
  process.stderr.write(`policy:test: ${message}${hint}\n`);
  process.exitCode = NOT_ASKED;
}
