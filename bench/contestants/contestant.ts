/**
 * What the benchmark knows of a contestant: a process of its own that answers GraphQL, or what
 * stands for it, over HTTP.
 *
 * The process is started with DATABASE_URL, POOL_SIZE and PORT (0: any), prints one line `ready <url>` when it
 * answers, and ends on SIGTERM. Who asks is named by the header `x-bench-user: <uuid>`, taken on
 * trust, as behind a proxy: what is compared is the answer, not the signature of a token.
 */
import type { PersonName } from '../data/world.js';

/** How many connections each contestant may keep to the database. */
export const POOL_SIZE = 10;
export const USER_HEADER = 'x-bench-user';

export type WorkloadName = 'Q1' | 'Q2' | 'Q3' | 'Q4' | 'Q5' | 'Q5a' | 'Q6' | 'Q7a' | 'Q7b' | 'Q8';

/** Those that change something, so that no two answers are quite the same. */
export const WRITES: readonly WorkloadName[] = ['Q7a', 'Q7b'];

/** What is asked for; found in the data before anything is measured. */
export interface Variables {
  /** Q2. */
  readonly formId: string;
  /** Q3. */
  readonly configKey: string;
  /** Q4. */
  readonly scopeId: string;
  /** Q5: 100 forms, of which some are another organization's; Q5a: the first of them. */
  readonly checked: readonly string[];
  /** Q6: the last row before page 1,000 by name and id, or before the middle of a shorter list. */
  readonly after: { readonly name: string; readonly id: string };
  /** Q7b: the forms that are changed, one after another. */
  readonly targets: readonly string[];
  /** Q8: representations of 50 forms, workflows and configs. */
  readonly entities: readonly { readonly __typename: string; readonly id: string }[];
}

export interface HttpRequest {
  readonly path: string;
  /** Where it has {@link UNIQUE} or {@link TARGET} in it, each request has something of its own there. */
  readonly body: string;
  /** What the latter stands for in turn. */
  readonly targets?: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
}

export interface Contestant {
  readonly name: string;
  /** One line for the tables. */
  readonly what: string;
  /** The module of the process, relative to this folder or as a URL; run with run/strip-types.mjs. */
  readonly entry: string;
  readonly args?: readonly string[];
  /** What Node itself is told. */
  readonly flags?: readonly string[];
  /** Runs on this major version of Node, where the harness has it; else on the harness's own. */
  readonly node?: 24;
  /** What it can answer; the rest is in the table of what it cannot. */
  readonly workloads: readonly WorkloadName[];
  /** Whom its answers are compared for; own, team, all and admin unless it says otherwise. */
  readonly comparedFor?: readonly PersonName[];
  /** The contestant with the same schema: `data` is compared as it is too, without the shared form. */
  readonly sameDataAs?: string;
  /** The contestant that builds the same text: answers are compared byte for byte too. */
  readonly sameTextAs?: string;
  /** Makes ready whatever it needs in the database: roles, policies, functions. Repeatable. */
  prepare?(databaseUrl: string): Promise<void>;
  request(workload: WorkloadName, variables: Variables, person: PersonName): HttpRequest;
  /**
   * Its answer in the form that all share: `Form` is `{ id, name, workflow: { id, name } | null, roles: { id, name }[] }`,
   * roles by name and id, none where they are refused. Q1 and Q6: the Forms of a page by name and id, in order; Q2: a Form;
   * Q3: `{ id, key, value }`; Q4: `{ id, name, children: { id, name }[] }`; Q5, Q5a: `boolean[]`; Q7: whether it was done; Q8: `({ id, name } | null)[]`,
   * a config by its key.
   */
  canonical(workload: WorkloadName, answer: unknown): unknown;
}
