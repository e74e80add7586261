import { type ExecutionResult, execute, parse, validate } from 'graphql';
import pg from 'pg';
import { type Database, openDatabase } from '../../src/data/clients.js';
import type { Transaction } from '../../src/data/write/in-transaction.js';
import { isDomainError } from '../../src/errors.js';
import { loadPrincipal, loadPrincipalAnew, loadProved } from '../../src/identity/load-principal.js';
import { DEFAULT_LIMITS, type Limits } from '../../src/limits/limits.js';
import type { Principal } from '../../src/policy/principal.js';
import { createGateway, schema } from '../../src/schema.js';

export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

type Query = (this: pg.Client, ...args: unknown[]) => unknown;

let seen: Statement[] | undefined;

/** Shows what any client of pg sends. Prisma's own events tell the text and not the values. */
const prototype = pg.Client.prototype as unknown as { query: Query };
const { query } = prototype;
prototype.query = function (this: pg.Client, ...args: unknown[]) {
  const [config] = args;
  if (seen !== undefined && typeof config === 'object' && config !== null && 'text' in config) {
    const { text, values = [] } = config as { text: string; values?: readonly unknown[] };
    seen.push({ text, values });
  }
  return query.apply(this, args);
};

/** A gateway in this process that tells which statements an operation sends. */
export interface Observed {
  readonly sql: Database['sql'];
  principal(userId: string): Promise<{ principal: Principal; statements: Statement[] }>;
  ask(principal: Principal, document: string, variables: object): Promise<Statement[]>;
  /** The statements by which a query is answered on the compiled path: when it is new, and from then on. */
  compiled(userId: string, document: string): Promise<{ first: Statement[]; again: Statement[] }>;
  close(): Promise<void>;
}

/** What takes so long is a finding, not worth waiting for. */
const TIMEOUT_MS = 60_000;

/** The URL with a timeout of statements; the options of a URL replace those of the client. */
export function impatient(url: string): string {
  const result = new URL(url);
  result.searchParams.set('options', `-c TimeZone=UTC -c statement_timeout=${TIMEOUT_MS}`);
  return result.href;
}

export async function observe(url: string, more: Partial<Limits> = {}): Promise<Observed> {
  const limits = { ...DEFAULT_LIMITS, ...more };
  const database = await openDatabase({ url: impatient(url) });
  const { compiled } = database;
  let sent: Statement[] = [];
  const gateway = createGateway(database.client, {
    limits,
    send:
      compiled &&
      ((text, values) => {
        sent.push({ text, values });
        return compiled(text, values);
      }),
    principalAnew: (tx: Transaction, principal: Principal) =>
      loadPrincipalAnew(tx, principal, limits),
  });
  return {
    sql: database.sql,
    async principal(userId) {
      const [principal, statements] = await capture(() =>
        loadPrincipal(database.client, { userId }),
      );
      if (principal === null) throw new Error(`there is no user ${userId}`);
      return { principal, statements };
    },
    async ask(principal, document, variables) {
      const parsed = parse(document);
      const [mistake] = validate(schema, parsed);
      if (mistake !== undefined) throw mistake;
      const context = await gateway.contextFor(principal, { scopeHeader: null });
      const [result, statements] = await capture(() =>
        Promise.resolve(
          execute({
            schema,
            document: parsed,
            contextValue: context,
            variableValues: variables as Record<string, unknown>,
          }),
        ),
      );
      report(result);
      return statements;
    },
    async compiled(userId, document) {
      const found = await loadProved(database.client, { userId }, limits);
      if (found === null || gateway.lane === undefined) throw new Error('nothing is compiled');
      const { principal, vector } = found;
      const caller = { principal, proof: { vector, validUntil: principal.validUntil } };
      const query = {
        document: parse(document),
        operationName: null,
        variables: {},
        scopeHeader: null,
      };
      const answer = async (): Promise<Statement[]> => {
        sent = [];
        const outcome = await gateway.lane?.answer(query, caller);
        if (typeof outcome === 'string') throw new Error(`the compiled path says ${outcome}`);
        return sent;
      };
      return { first: await answer(), again: await answer() };
    },
    close: () => database.close(),
  };
}

async function capture<T>(work: () => Promise<T>): Promise<[T, Statement[]]> {
  seen = [];
  try {
    const result = await work();
    return [result, seen];
  } finally {
    seen = undefined;
  }
}

/** Fields that the principal may not see are no failure here: their statements were sent. */
function report({ errors = [] }: ExecutionResult): void {
  const broken = errors.find(({ originalError }) => !isForbidden(originalError));
  if (broken !== undefined) throw broken.originalError ?? broken;
}

const isForbidden = (error: unknown): boolean => isDomainError(error) && error.code === 'FORBIDDEN';
