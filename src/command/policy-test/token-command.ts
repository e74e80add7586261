import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { AskError } from './problem.js';

/** The tokens of people: from the environment, else printed by a command; null: there is none. Throws AskError. */
export function tokensBy(command: string | undefined) {
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
