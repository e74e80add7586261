import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openEmbedded } from '../data/clients/embedded.js';
import { bringUpToDate } from '../data/up-to-date.js';
import { type Command, FLAG, type Given, TEXT, UsageError } from './command.js';
import { isAsked, textOf } from './given.js';
import { readPolicyFile } from './policy-test/policy-file.js';
import { AskError, FileError } from './policy-test/problem.js';
import { counted } from './policy-test/report.js';
import { onOwnGateway, onRunningGateway, type Readied, type Run } from './policy-test/run.js';
import { tokensBy } from './policy-test/token-command.js';
import { progress, tell } from './tell.js';

const FAILED = 1;
const NOT_ASKED = 2;

/** Runs files of policy tests (docs/policy-tests.md). */
export const policyTest: Command = {
  help: `Usage: heimdall policy test [options] [files or folders]

Asks for what YAML files say that people can and cannot do, and says where it is not so, and why. Without files,
everything in policies/. docs/policy-tests.md says how they are written.

Files with a world (their own, or the demo world) are run on an embedded database that is gone afterwards. Files about a
running gateway, and those about the demo world, are run against it with

  --url <url>               its GraphQL endpoint, such as http://127.0.0.1:4000/graphql
  --token-command <command> prints the token of a person, named by the variables POLICY_TEST_PERSON and POLICY_TEST_EMAIL;
                            for whom nothing is printed, the file's asker asks in their place
  --json                    what came of each file, as JSON

Before the command is asked, the token of a person is looked for in the variable POLICY_TEST_TOKEN_<PERSON>, in
capitals, with _ for whatever is no letter or digit. Nothing is changed on a running gateway.

Ends with 0 when everything is as the files say, 1 when something is not, and 2 when it could not be asked: a file that
is none, somebody or something that is not there, a token that is refused.`,
  options: { url: TEXT, 'token-command': TEXT, json: FLAG },
  takesArguments: true,
  failure: NOT_ASKED,
  async run(given) {
    const { paths, url, tokenCommand } = wishes(given);
    const asJson = isAsked(given, 'json');
    const files = readAll([...new Set(paths.flatMap(filesAt))]);
    if (files === null) return NOT_ASKED;
    if (url !== undefined) {
      return runAll(files, onRunningGateway(url, tokensBy(tokenCommand)), asJson);
    }
    const database = await openEmbedded({ folder: 'memory://' });
    try {
      await bringUpToDate(database);
      const { run, close } = await onOwnGateway(database, files);
      try {
        return await runAll(files, run, asJson);
      } finally {
        await close();
      }
    } finally {
      await database.close();
    }
  },
};

function wishes(given: Given) {
  const [url, tokenCommand] = [textOf(given, 'url'), textOf(given, 'token-command')];
  if (tokenCommand !== undefined && url === undefined) {
    throw new UsageError('--token-command is for a running gateway: say which by --url');
  }
  if (url !== undefined && !(URL.canParse(url) && /^https?:/.test(url))) {
    throw new UsageError('--url must be the URL of a GraphQL endpoint');
  }
  const { positionals } = given;
  return { paths: positionals.length === 0 ? ['policies'] : positionals, url, tokenCommand };
}

/** The YAML files at a path, or in the folder there. Throws UsageError: there are none. */
function filesAt(path: string): string[] {
  if (!isThere(path)) throw new UsageError(`there is no ${path}`);
  if (!statSync(path).isDirectory()) return [path];
  const found = readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.ya?ml$/.test(name))
    .sort();
  if (found.length === 0) throw new UsageError(`there is no YAML file in ${path}`);
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
  for (const { line, message } of problems) progress(`${path}:${line}: ${message}`);
}

async function runAll(files: readonly Readied[], run: Run, asJson: boolean): Promise<number> {
  const results: object[] = [];
  // As they come: a file can take long.
  const say = (line: string): void => {
    if (!asJson) tell(false, {}, [line]);
  };
  let [expected, failed, unasked] = [0, 0, 0];
  for (const readied of files) {
    try {
      const { path, expectations, failures } = await run(readied);
      expected += expectations;
      failed += failures.length;
      results.push({ path, expectations, failures });
      for (const failure of failures) say(`${failure.join('\n')}\n`);
      const how = failures.length === 0 ? 'hold' : `of which ${failures.length} fail`;
      say(`${path}: ${counted(expectations, 'expectation')}, ${how}`);
    } catch (error) {
      if (error instanceof FileError) complain(readied.path, error);
      else if (error instanceof AskError) progress(`${readied.path}: ${error.message}`);
      else throw error;
      unasked += 1;
      results.push({ path: readied.path, unasked: true });
    }
  }
  const rest = unasked === 0 ? '' : `; ${counted(unasked, 'file')} could not be asked`;
  say(
    `${counted(files.length, 'file')}, ${counted(expected, 'expectation')}: ${failed} failed${rest}`,
  );
  if (asJson) tell(true, { expectations: expected, failed, unasked, files: results }, []);
  return unasked > 0 ? NOT_ASKED : failed > 0 ? FAILED : 0;
}
