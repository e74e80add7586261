import { afterAll, beforeAll } from 'vitest';
import { type Assembled, assemble, type Sharing } from '../../src/assemble.js';
import type { Database } from '../../src/data/clients.js';
import { createLog } from '../../src/http/log.js';
import { developmentSubject, signDevelopmentToken } from '../../src/identity/development-token.js';
import type { Limits } from '../../src/limits/limits.js';
import type { Metrics } from '../../src/metrics/metrics.js';
import type { Lane, Outcome } from '../../src/read/lane.js';
import { createKeyring, type Keyring } from '../../src/secrets/keyring.js';
import type { Tracing } from '../../src/telemetry/tracing.js';
import { freshDatabase } from './database.js';
import { World } from './world.js';

export const ISSUER = 'heimdall-test';
export const AUDIENCE = 'heimdall';
export const SECRET = 'a shared secret of the tests that is long enough';

/** What secrets are encrypted with in tests, unless one is about it. */
export const KEYRING = createKeyring([{ id: 'test', bytes: Buffer.alloc(32, 7) }]);

/** An error as a caller sees it. */
export interface AnsweredError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: { readonly code: string; readonly id?: string; readonly issues?: unknown };
}

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of an answer.
  readonly data: any;
  readonly errors: readonly AnsweredError[];
  /** What was withheld from who does not manage its rows (D15). */
  readonly withheld: readonly string[];
  /** As whom it was decided, where that is not who asked (D21). */
  readonly viewAs?: { readonly userId: string; readonly viewerId: string };
  /** What it asked for, where that was to be told. */
  readonly cost?: { readonly requested: number; readonly limit: number };
}

type Variables = Readonly<Record<string, unknown>>;
type RequestHeaders = Readonly<Record<string, string>>;

export interface RunningGateway {
  readonly url: string;
  readonly world: World;
  /** Asks as the user with this email, or as nobody. */
  ask(
    who: string | null,
    source: string,
    variables?: Variables,
    headers?: RequestHeaders,
  ): Promise<Answer>;
  /** Sends a body as it is, as the user with this email, or as nobody. */
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of an answer.
  send(who: string | null, body: object, headers?: RequestHeaders): Promise<any>;
  /** The header by which somebody signs in. */
  credentialOf(who: string): Promise<RequestHeaders>;
  /** Once what was answered is in the log. */
  settled(): Promise<void>;
  /** The SQL statements that the reference path sends while `work` runs. */
  statements(work: () => Promise<unknown>): Promise<string[]>;
  /** Fires the schedules that are due. */
  readonly fireSchedules: Assembled['fireSchedules'];
  /** What the gateway has logged so far. */
  readonly logged: readonly string[];
  /** Leaves its database open. */
  stopServing(): Promise<void>;
  /** The same, with so much time for what is under way. */
  stopWithin(deadlineMs: number): Promise<void>;
  close(): Promise<void>;
}

/** Is shown each statement before it is sent. */
type BeforeStatement = (sql: string) => void;

/** What few tests are about. */
interface Others {
  readonly keyring?: Keyring;
  /** Of the log. */
  readonly level?: string;
  /** Instead of one of its own; closed with the gateway. */
  readonly database?: Database;
  readonly sharing?: Sharing;
  readonly corsOrigins?: readonly string[];
  readonly tracing?: Tracing;
  /** Of how many compiled answers the other path is asked as well; 1 unless told otherwise. */
  readonly shadow?: number;
  readonly metrics?: Metrics;
  /** What the compiled path says instead of what it would say. */
  readonly answering?: (outcome: Outcome) => Outcome;
}

/** The gateway behind its real HTTP server, over an empty database of its own. */
export async function startGateway(
  limits: Partial<Limits> = {},
  before: BeforeStatement = () => {},
  {
    keyring = KEYRING,
    level = 'error',
    database: given,
    sharing,
    corsOrigins = [],
    tracing,
    shadow = 1,
    metrics,
    answering = (outcome) => outcome,
  }: Others = {},
): Promise<RunningGateway> {
  const sent: string[] = [];
  const logged: string[] = [];
  const onQuery: BeforeStatement = (sql) => {
    sent.push(sql);
    before(sql);
  };
  const database = given ?? (await freshDatabase({ onQuery }));
  const { server, gateway, fireSchedules } = assemble({
    database,
    tokens: { kind: 'secret', secret: SECRET, issuer: ISSUER, audience: AUDIENCE },
    // However few rows there are, who may see few of them has them found one by one; the generated worlds do without.
    // And tests fire schedules by themselves.
    limits: { probedRows: 0, schedulesMs: 0, subscriptions: 1_000, ...limits },
    keyring,
    reading: { shadow },
    tracing,
    metrics,
    sharing,
    surface: { corsOrigins },
    log: createLog(level, { write: (line) => void logged.push(line) }),
  });
  const url = await server.listen('127.0.0.1', 0);
  const compiled = turnedOff(gateway.lane, answering);

  const post = async (who: string | null, body: object, headers: RequestHeaders = {}) => {
    const credential = who === null ? {} : { authorization: `Bearer ${await tokenOf(who)}` };
    return fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...credential, ...headers },
      body: JSON.stringify(body),
    });
  };

  return {
    url,
    logged,
    fireSchedules,
    world: new World(database.client, ISSUER),
    credentialOf: async (who) => ({ authorization: `Bearer ${await tokenOf(who)}` }),
    send: async (...sent) => (await post(...sent)).json(),
    // The line of a request is written when its answer has gone: before that of the next one.
    settled: async () => void (await fetch(`${url}/health`)),
    async ask(who, source, variables = {}, headers = {}) {
      const response = await post(who, { query: source, variables }, headers);
      const answer = (await response.json()) as Partial<Answer> & {
        readonly extensions?: Partial<Pick<Answer, 'withheld' | 'viewAs' | 'cost'>>;
      };
      const { data = null, errors = [], extensions: { withheld = [], ...told } = {} } = answer;
      assertForeseen(errors, logged);
      assertAlike(logged);
      return { status: response.status, data, errors, withheld, ...told };
    },
    async statements(work) {
      const before = sent.length;
      await compiled.without(work);
      return sent.slice(before);
    },
    stopServing: () => server.close(0),
    stopWithin: (deadlineMs) => server.close(deadlineMs),
    async close() {
      await server.close(0);
      await database.close();
    },
  };
}

/** What turns the compiled path off for a while, so that statements are those of the other one. */
function turnedOff(lane: Lane | undefined, answering: (outcome: Outcome) => Outcome) {
  let isOff = false;
  if (lane !== undefined) {
    const answer = lane.answer.bind(lane);
    lane.answer = async (...query) => (isOff ? 'elsewhere' : answering(await answer(...query)));
  }
  return {
    async without(work: () => Promise<unknown>): Promise<void> {
      isOff = true;
      await work().finally(() => {
        isOff = false;
      });
    },
  };
}

const tokens = new Map<string, Promise<string>>();

/** Signed once for each user: what a token proves does not change while the tests run. */
export function tokenOf(email: string): Promise<string> {
  const token =
    tokens.get(email) ??
    signDevelopmentToken({
      secret: SECRET,
      issuer: ISSUER,
      audience: AUDIENCE,
      subject: developmentSubject(email),
      email,
      ttl: 600,
    });
  tokens.set(email, token);
  return token;
}

/** Whatever a test is about, no question of it may take the gateway by surprise. */
function assertForeseen(errors: readonly AnsweredError[], logged: readonly string[]): void {
  const surprise = errors.find(({ extensions }) => extensions.code === 'INTERNAL_SERVER_ERROR');
  if (surprise === undefined) return;
  const line = logged.find((one) => one.includes(`"${surprise.extensions.id}"`));
  throw new Error(`the gateway answered INTERNAL_SERVER_ERROR: ${line ?? surprise.message}`);
}

const ALARMS = ['the paths answered differently', 'the compiled path failed'];

/** Whatever a test is about, the compiled path answers as the reference path does, or not at all. */
function assertAlike(logged: readonly string[]): void {
  const line = logged.find((one) => ALARMS.some((alarm) => one.includes(alarm)));
  if (line !== undefined) throw new Error(line);
}

/** What the tests of one file share; the world is planted before the first of them. */
export interface Shared<W>
  extends Pick<
    RunningGateway,
    'ask' | 'statements' | 'settled' | 'url' | 'world' | 'logged' | 'fireSchedules'
  > {
  /** What was planted. */
  readonly w: W;
}

/** One gateway for all tests of a file. */
export function gatewayWith<W>(
  plant: (world: World) => Promise<W>,
  limits: Partial<Limits> = {},
  before?: BeforeStatement,
  others?: Others,
): Shared<W> {
  let gateway: RunningGateway | undefined;
  let planted: W;
  const running = (): RunningGateway => {
    if (gateway === undefined) throw new Error('the gateway has not started yet');
    return gateway;
  };
  beforeAll(async () => {
    gateway = await startGateway(limits, before, others);
    planted = await plant(gateway.world);
  });
  afterAll(() => gateway?.close());
  return {
    ask: (...question) => running().ask(...question),
    statements: (work) => running().statements(work),
    settled: () => running().settled(),
    fireSchedules: () => running().fireSchedules(),
    get logged() {
      return running().logged;
    },
    get url() {
      return running().url;
    },
    get world() {
      return running().world;
    },
    get w() {
      return planted;
    },
  };
}
