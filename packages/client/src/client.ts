import { Checks } from './checks.js';
import type { Document } from './document.js';
import { NotFoundError } from './errors.js';
import {
  CheckMany,
  ConfigByKey,
  type ConfigType,
  ExecutionById,
  Forms,
  type FormsQuery,
  type FormsQueryVariables,
  Me,
  type MeQuery,
  RolesAt,
  type RunFragment,
  RunWorkflow,
  SetConfig,
  type SetConfigMutation,
  SubmitForm,
} from './generated.js';
import { send } from './send.js';

/** A scope or an organization by its id; null, the global tier alone; left out, the client's own place (D29). */
export type Scope = string | null | undefined;

export interface ClientOptions {
  /** The endpoint, `https://…/graphql`. */
  readonly url: string;
  /** A token or a key; a function is asked before each request. Without one nobody asks. */
  readonly token?: string | (() => string | Promise<string>);
  /** The app as which it asks: what is launched is launched from it (D37). */
  readonly app?: string;
  /** How long an answer is waited for, all attempts together; 30,000 ms unless given. */
  readonly timeoutMs?: number;
  /** How often what may be repeated is sent; 4 times unless given, 1: once. */
  readonly attempts?: number;
  readonly fetch?: typeof fetch;
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  /** Instead of the client's. */
  readonly timeoutMs?: number | undefined;
}

export interface ScopeOptions extends CallOptions {
  readonly scope?: Scope;
}

export interface LaunchOptions extends ScopeOptions {
  /** For how many seconds its end is waited for, at most 30; 0 unless given. */
  readonly wait?: number;
  /**
   * Makes it one execution, however often it is sent: 1 to 255 visible ASCII characters. One is made for each call unless given; give
   * one to repeat the call itself, after a reload say.
   */
  readonly idempotencyKey?: string;
}

export interface RunOptions extends LaunchOptions {
  /** Before then no worker has it. */
  readonly notBefore?: Date;
}

export interface CheckOptions {
  readonly scope?: Scope;
  /** Left out, the question is about any such resource at the scope. */
  readonly resourceId?: string;
}

export interface RequestOptions extends CallOptions {
  /** With one a mutation that was not answered is sent again; without, a mutation is sent once. */
  readonly idempotencyKey?: string;
}

export type Viewer = NonNullable<MeQuery['viewer']>;
export type Form = NonNullable<FormsQuery['forms']>['edges'][number]['node'];
export type Execution = RunFragment;

/** A page of forms; `after` of the next is `endCursor`, null where there is none. */
export interface FormPage {
  readonly forms: readonly Form[];
  readonly endCursor: string | null;
}

/** What a config can be set to, without `secret`. */
export type ConfigValue = string | number | boolean | object;

const TIMEOUT_MS = 30_000;
const ATTEMPTS = 4;

/** Asks a gateway as whoever its token is of; whatever is permitted is decided there, anew at each call. */
export class HeimdallClient {
  readonly #options: ClientOptions;
  readonly #checks = new Checks();
  #place: string | undefined;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  /**
   * Where later calls act unless they say otherwise (D29): a scope or an organization by its id; `'global'`, the global tier;
   * `null`, as in the beginning. Calls under way stay where they are.
   */
  setScope(place: string | null): void {
    if (place !== null && (typeof place !== 'string' || place === '')) {
      throw new TypeError("a place is an id, 'global' or null");
    }
    this.#place = place ?? undefined;
  }

  readonly config = {
    /**
     * The value of the nearest config of a key; `fallback` where there is none, or none that may be read. Secrets are told to
     * executions alone, and so to browsers never. What it is of is the caller's word.
     *
     * @throws HeimdallError whatever else goes wrong: never the fallback
     */
    get: async <T = unknown>(
      key: string,
      fallback?: T,
      { scope, ...options }: ScopeOptions = {},
    ): Promise<T | undefined> => {
      const { configByKey } = await this.request(ConfigByKey, { key, ...at(scope) }, options);
      if (configByKey === null) return fallback;
      // A secret that is not told is hidden, whatever it is.
      if (configByKey.isSecret && configByKey.value === null) return fallback;
      return configByKey.value as T;
    },

    /**
     * Sets a config where reading would find it (D5), or at `scope`.
     *
     * @throws CascadeWriteForbiddenError a farther one would be changed that you may not change
     */
    set: async (
      key: string,
      value: ConfigValue,
      { scope, secret = false, ...options }: ScopeOptions & { readonly secret?: boolean } = {},
    ): Promise<NonNullable<SetConfigMutation['setConfig']>['config']> => {
      const input = { key, value, type: secret ? 'SECRET' : typeOf(value), ...at(scope) } as const;
      const keyed = { ...options, idempotencyKey: newKey() };
      return (await this.request(SetConfig, { input }, keyed)).setConfig?.config ?? null;
    },
  };

  readonly forms = {
    /** The forms that you may use or manage, a page at a time; with `usable` those alone that you may use. */
    list: async ({
      scope,
      signal,
      timeoutMs,
      ...asked
    }: ScopeOptions & Omit<FormsQueryVariables, 'scope'> = {}): Promise<FormPage> => {
      const { forms } = await this.request(
        Forms,
        { ...asked, ...at(scope) },
        { signal, timeoutMs },
      );
      const { hasNextPage = false, endCursor = null } = forms?.pageInfo ?? {};
      return {
        forms: forms?.edges.map(({ node }) => node) ?? [],
        endCursor: hasNextPage ? endCursor : null,
      };
    },
  };

  /** Who asks. */
  async viewer(options?: CallOptions): Promise<Viewer> {
    const { viewer } = await this.request(Me, {}, options);
    if (viewer === null) throw new NotFoundError('NOT_FOUND', 'there is nobody');
    return viewer;
  }

  /** The names of the roles that you hold at a place, or anywhere where none is said (D38). For showing and hiding alone. */
  async roles({ scope, ...options }: ScopeOptions = {}): Promise<readonly string[]> {
    return (await this.request(RolesAt, at(scope), options)).viewer?.roles ?? [];
  }

  /**
   * Whether something may be done, with a resource or with any of its type at a scope. What is asked in one turn of the event
   * loop is asked in one request. For showing and hiding: the gateway decides again when it is done.
   *
   * @throws BadUserInputError the type has no such action; ScopeForbiddenError
   */
  can(action: string, resourceType: string, options: CheckOptions = {}): Promise<boolean> {
    const { scope, ...rest } = options;
    const place = this.#place;
    const ask = async (checks: readonly object[]) => {
      const asked = { checks: checks as readonly { action: string; resourceType: string }[] };
      const { checkMany } = await this.#send(CheckMany, asked, {}, place);
      return checkMany?.map(({ allowed }) => allowed) ?? [];
    };
    return this.#checks.ask(place ?? '', ask, { action, resourceType, ...rest, ...at(scope) });
  }

  /** Submits a form: one execution, however often it has to be sent. Null if you may not read it any more. */
  async submitForm(
    form: string,
    values: Readonly<Record<string, unknown>>,
    { scope, wait, ...options }: LaunchOptions = {},
  ): Promise<Execution | null> {
    const input = { form, values, ...at(scope), ...(wait === undefined ? {} : { wait }) };
    const { submitForm } = await this.request(
      SubmitForm,
      { input },
      this.#launching(wait, options),
    );
    return submitForm?.execution ?? null;
  }

  /** Runs a workflow: one execution, however often it has to be sent. Null if you may not read it any more. */
  async runWorkflow(
    workflow: string,
    input: Readonly<Record<string, unknown>> = {},
    { scope, wait, notBefore, ...options }: RunOptions = {},
  ): Promise<Execution | null> {
    const asked = {
      ...{ workflow, input, ...at(scope) },
      ...(wait === undefined ? {} : { wait }),
      ...(notBefore === undefined ? {} : { notBefore: notBefore.toISOString() }),
    };
    const sent = { input: asked };
    const { runWorkflow } = await this.request(RunWorkflow, sent, this.#launching(wait, options));
    return runWorkflow?.execution ?? null;
  }

  /** What became of an execution; null if there is none that you may read. */
  async execution(id: string, options?: CallOptions): Promise<Execution | null> {
    return (await this.request(ExecutionById, { id }, options)).execution;
  }

  /**
   * Asks anything. Of a query what was not answered is asked again; of a mutation only with an `idempotencyKey`.
   *
   * @throws HeimdallError the first error of the answer; `data` is what was answered beside it
   */
  request<Data, Variables>(
    document: Document<Data, Variables>,
    variables: Variables,
    options: RequestOptions = {},
  ): Promise<Data> {
    return this.#send(document, variables, options, this.#place);
  }

  /** The place is that of the call: sent again, it is still the same request. */
  async #send<Data, Variables>(
    document: Document<Data, Variables>,
    variables: Variables,
    { idempotencyKey, signal, timeoutMs }: RequestOptions,
    place: string | undefined,
  ): Promise<Data> {
    const { url, token, app, attempts = ATTEMPTS, fetch = globalThis.fetch } = this.#options;
    const data = await send({
      url,
      fetch: (input, init) => fetch(input, init),
      async headers() {
        const credential = typeof token === 'function' ? await token() : token;
        return {
          'content-type': 'application/json',
          ...(credential === undefined ? {} : { authorization: `Bearer ${credential}` }),
          ...(place === undefined ? {} : { 'x-heimdall-scope': place }),
          ...(app === undefined ? {} : { 'x-heimdall-app': app }),
          ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
        };
      },
      body: JSON.stringify({ query: document, variables }),
      repeatable: idempotencyKey !== undefined || isQuery(document),
      attempts,
      timeoutMs: timeoutMs ?? this.#options.timeoutMs ?? TIMEOUT_MS,
      signal,
    });
    return data as Data;
  }

  #launching(wait: number | undefined, options: Omit<LaunchOptions, 'scope' | 'wait'>) {
    const timeoutMs = options.timeoutMs ?? this.#options.timeoutMs ?? TIMEOUT_MS;
    return {
      ...options,
      // The gateway may take its time for the waiting alone.
      timeoutMs: options.timeoutMs ?? timeoutMs + (wait ?? 0) * 1_000,
      idempotencyKey: options.idempotencyKey ?? newKey(),
    };
  }
}

/** D29: left out is not sent, null is. */
const at = (scope: Scope): { readonly scope?: string | null } =>
  scope === undefined ? {} : { scope };

/** Anything that is not plainly a query is sent once. */
const isQuery = (document: string): boolean =>
  /^\s*(query\b|\{)/.test(document) && !/\bmutation\b/.test(document);

function typeOf(value: ConfigValue): ConfigType {
  if (typeof value === 'string') return 'STRING';
  if (typeof value === 'number') return 'NUMBER';
  if (typeof value === 'boolean') return 'BOOLEAN';
  return 'JSON';
}

/** Unlike `crypto.randomUUID` it is there on pages without TLS, too. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
