// Runs files of policy tests: each on what it says it holds of.
import type { Database } from '../../data/clients.js';
import { seedDemo } from '../../demo/seed-demo.js';
import { type Call, callerOf } from './caller.js';
import { type Asking, askersToken, decideAll } from './decisions.js';
import { demoWorld } from './demo-world.js';
import { startOwnGateway } from './embedded-gateway.js';
import { explain } from './explanation.js';
import { plantWorld } from './plant-world.js';
import type { PolicyFile } from './policy-file.js';
import { AskError } from './problem.js';
import { failureLines } from './report.js';
import { findWorld } from './running-world.js';
import { entry, type Running } from './shape.js';
import type { Person, World } from './world.js';

/** A file that was read. */
export interface Readied {
  readonly path: string;
  readonly file: PolicyFile;
}

/** How a file came out. */
export interface Ran {
  readonly path: string;
  readonly expectations: number;
  /** Each expectation that does not hold, in words. */
  readonly failures: readonly (readonly string[])[];
}

/** Runs one file after the other. Throws FileError and AskError. */
export type Run = (one: Readied) => Promise<Ran>;

/**
 * Runs files against a gateway of its own, over an open, migrated and empty database. Every world of a file's own has
 * organizations of its own there, and the demo world is put there first if any file is about it.
 */
export async function onOwnGateway(
  database: Database,
  files: readonly Readied[],
): Promise<{ run: Run; close(): Promise<void> }> {
  const gateway = await startOwnGateway(database);
  if (files.some(({ file }) => file.shape.world === 'demo')) {
    await seedDemo(database.client, { issuer: gateway.issuer });
  }
  return {
    async run({ path, file }) {
      const { world: own } = file.shape;
      if (own === undefined) {
        throw new AskError(`${path} is about a running gateway: say which by --url`);
      }
      const world =
        own === 'demo' ? demoWorld() : await plantWorld(database.client, own, gateway.issuer);
      const asking: Asking = {
        call: gateway.call,
        tokenOf: async (person) => gateway.tokenFor(world.person(person)?.email ?? ''),
      };
      return ranOn(world, asking, path, file);
    },
    close: () => gateway.close(),
  };
}

/** Where a person's token comes from; null: they have none. */
export type TokenOf = (person: string, email: string) => Promise<string | null>;

/** Runs files against a running gateway, whose GraphQL endpoint is at a URL. It changes nothing there. */
export function onRunningGateway(url: string, tokenOf: TokenOf): Run {
  const call = callerOf(url);
  const tokens = new Map<string, Promise<string | null>>();
  return async ({ path, file }) => {
    const { gateway: running, world: own } = file.shape;
    if (running === undefined && own !== 'demo') {
      throw new AskError(`${path} plants a world of its own: leave out --url`);
    }
    const demo = demoWorld();
    const people = (key: string) =>
      running === undefined ? demo.person(key) : personOf(running.people, key);
    const tokenFor = (key: string): Promise<string | null> => {
      const person = people(key);
      if (person === null) return Promise.resolve(null);
      // Another file may call somebody else so.
      const whose = `${key} ${person.email}`;
      const token = tokens.get(whose) ?? owned(key, person, call, tokenOf);
      tokens.set(whose, token);
      return token;
    };
    const asking: Asking = { call, tokenOf: tokenFor };
    if (running === undefined) return ranOn(demo, asking, path, file);
    const token = await askersToken({ asker: running.asker }, asking);
    return ranOn(await findWorld(file, running, call, token), asking, path, file);
  };
}

type Known = Pick<Person, 'email' | 'isInactive'>;

function personOf(people: Running['people'], key: string): Known | null {
  const person = entry(people, key);
  return person === undefined ? null : { email: person.email, isInactive: person.inactive };
}

/** INVARIANT: a token is that of the person whom it is taken for, or nothing of what it is asked for says anything. */
async function owned(
  person: string,
  { email, isInactive }: Known,
  call: Call,
  tokenOf: TokenOf,
): Promise<string | null> {
  const token = await tokenOf(person, email);
  if (token === null) return null;
  const { data, errors } = await call<{ viewer: { user: { email: string } | null } | null }>(
    token,
    '{ viewer { user { email } } }',
  );
  const is = data?.viewer?.user?.email;
  if (is === undefined && isInactive) return token;
  if (is === undefined) {
    throw new AskError(
      `the gateway refuses the token of ${person}: ${errors[0]?.message ?? 'it names no user'}`,
    );
  }
  if (is !== email)
    throw new AskError(`the token of ${person} is that of ${is}, and not of ${email}`);
  return token;
}

async function ranOn(world: World, asking: Asking, path: string, file: PolicyFile): Promise<Ran> {
  const outcomes = await decideAll(file, world, asking);
  const failures: string[][] = [];
  for (const outcome of outcomes) {
    if (outcome.holds) continue;
    failures.push(failureLines(path, outcome, await explain(outcome, world, asking)));
  }
  return { path, expectations: outcomes.length, failures };
}
