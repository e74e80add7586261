import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
} from 'graphql';
import type { Asked as AskedFor } from '../data/given-up.js';
import { contentsOf } from '../data/prisma/contents.js';
import { Draft } from '../data/sql/draft.js';
import { NotWrittenError } from '../data/sql/filter.js';
import { isDomainError } from '../errors.js';
import { placeOf } from '../graphql/place-args.js';
import type { Limits } from '../limits/limits.js';
import { querySize } from '../limits/query-size.js';
import { Decisions } from '../policy/decisions.js';
import type { Policies } from '../policy/define-policy.js';
import type { Place } from '../policy/situation.js';
import type { DataModel } from '../query/data-model.js';
import { Acting } from '../request/acting.js';
import { placeKey } from '../request/loaders.js';
import { type FindScope, placeFromHeader, type ScopeNode } from '../request/place.js';
import { remember } from '../request/remember.js';
import { ofStatement, type Traced, untraced } from '../telemetry/traced.js';
import type { Caller } from './caller.js';
import { type Asked, askFew } from './few.js';
import { makePlan } from './make-plan.js';
import type { Plan, RootPlan } from './plan.js';
import { Scribe, type Writing } from './scribe.js';
import { StatementCache, type Wanted } from './statement-cache.js';
import { type Statement, valuesOf, writeStatement } from './statements.js';
import { type Finished, finish } from './text.js';
import type { FewOf } from './ways.js';
import { worstLength } from './worst-length.js';
import type { Placed } from './write-statement.js';

/** What the compiled path is made of. */
export interface LaneParts {
  readonly schema: GraphQLSchema;
  readonly policies: Policies;
  readonly dataModel: DataModel;
  readonly limits: Limits;
  /** Sends a statement; its only row, if any, is the text of an answer. */
  readonly send: (
    text: string,
    values: readonly unknown[],
    asked?: AskedFor,
  ) => Promise<readonly { readonly answer: string | null }[]>;
  /** The same of a statement that proves in its own snapshot who asks: a replica that is as far may answer. Default: `send`. */
  readonly sendProved?: LaneParts['send'] | undefined;
  readonly findScope: FindScope;
  readonly traced?: Traced | undefined;
}

/** A query that was parsed and is valid. */
export interface Query {
  readonly document: DocumentNode;
  readonly operationName: string | null | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly scopeHeader: string | null;
}

/** An answer, and in which other organizations it acts (D19). */
export interface Answer extends Finished {
  readonly actsIn: Acting['where'];
}

/** What came of it: an answer; or the other path answers; or who asks is somebody else by now. */
export type Outcome = Answer | 'elsewhere' | 'stale';

/** So many characters of an answer, and bytes of JSON in it; beyond, the other path counts what it loads. */
const MOST = 200_000;

const BY_ID: ReadonlySet<RootPlan['is']> = new Set(['row', 'node', 'nodes', 'entities']);

/** A statement of more places, or a longer one, is none: the protocol counts to 65,535. */
const PLACES = 30_000;
const TEXT = 1_000_000;

/**
 * The compiled path: one document, one statement, whose only row is the text of the answer. What it cannot say, or
 * what is wrong in any way, the other path answers: it is the one that tells errors.
 */
export class Lane {
  readonly #parts: LaneParts;
  readonly #most: number;
  readonly #statements: StatementCache;

  constructor(parts: LaneParts) {
    this.#parts = parts;
    const { limits } = parts;
    this.#most = Math.floor(Math.min(MOST, limits.answerBytes / 4, limits.answerFields));
    this.#statements = new StatementCache(limits.statementCacheBytes);
  }

  /** What the statements that are kept take in memory. */
  get bytes(): number {
    return this.#statements.bytes;
  }

  async answer(query: Query, caller: Caller, asked?: AskedFor): Promise<Outcome> {
    const { traced = untraced, sendProved = this.#parts.send } = this.#parts;
    // INVARIANT: who was read from the primary for this request, without a proof, is answered from there: together with
    // older rows of a replica they would be a caller that never was.
    const send = caller.proof === undefined ? this.#parts.send : sendProved;
    const written = await traced('decision', {}, () => this.#write(query, caller, asked));
    if (written === undefined) return 'elsewhere';
    const { text, values, actsIn } = written;
    const [row] = await traced('sql', ofStatement(text), () => send(text, values, asked));
    if (row === undefined) {
      written.forget();
      return 'stale';
    }
    const { answer } = row;
    if (answer === null || answer.length > this.#most) return 'elsewhere';
    const finished = finish(answer);
    return finished === undefined ? 'elsewhere' : { ...finished, actsIn };
  }

  async #write(query: Query, caller: Caller, asked?: AskedFor) {
    try {
      return await this.#written(query, caller, asked);
    } catch (error) {
      // Whatever is wrong with what was asked, the other path says it in full.
      if (error instanceof NotWrittenError || error instanceof GraphQLError) return undefined;
      if (isDomainError(error)) return undefined;
      throw error;
    }
  }

  async #written(query: Query, caller: Caller, asked?: AskedFor) {
    const { document, operationName, variables: raw, scopeHeader } = query;
    const operation = getOperationAST(document, operationName);
    if (operation?.operation !== 'query') return undefined;
    const defined = operation.variableDefinitions ?? [];
    const { coerced } = getVariableValues(this.#parts.schema, defined, raw, { maxErrors: 1 });
    if (coerced === undefined) return undefined;
    const { principal } = caller;
    const wanted: Wanted = { principal, document, operationName, scopeHeader, raw, coerced };
    const known = caller.proof && this.#statements.find(wanted);
    const statement = known ?? (await this.#writeAnew(operation, wanted, caller, asked));
    if (statement === undefined) return undefined;
    const forget = (): void => this.#statements.forget(wanted);
    const { text, actsIn } = statement;
    return { text, values: valuesOf(statement, coerced), actsIn, forget };
  }

  async #writeAnew(
    operation: OperationDefinitionNode,
    wanted: Wanted,
    { principal, proof }: Caller,
    forWhat: AskedFor | undefined,
  ): Promise<Statement | undefined> {
    const { schema, limits, policies, dataModel } = this.#parts;
    const { document, operationName, scopeHeader, raw, coerced } = wanted;
    const { cost } = querySize(document, schema, limits, { variables: raw, operationName });
    if (cost > Math.min(limits.cost, limits.answerFields)) return undefined;
    const request = { limits };
    const asked = { schema, fragments: fragmentsOf(document), variables: coerced };
    const plan = makePlan(operation, asked, request);
    if (this.#worstOf(plan) > limits.answerBytes) return undefined;
    const acting = new Acting(principal);
    // Whose the rows are that it names by their ids, only the other path finds out.
    if (acting.isFree && plan.roots.some(({ is }) => BY_ID.has(is))) return undefined;
    const named: ScopeNode[] = [];
    const findScope: FindScope = async (id) => {
      const found = await this.#parts.findScope(id);
      if (found !== null) named.push(found);
      acting.note(found?.organizationId);
      return found;
    };
    const place = await placeFromHeader(principal, scopeHeader, findScope);
    const roots = await Promise.all(
      plan.roots.map(async (root): Promise<Placed> => {
        const at = 'at' in root ? await placeOf(root.at, { principal, place, findScope }) : place;
        return { root, place: at };
      }),
    );
    const along = remember((at: Place) => new Decisions(policies, principal, at), placeKey);
    for (const { place: at } of roots) acting.notePlace(at);
    const guardingAt = remember((at: Place) => ({ dataModel, decisions: along(at).within(at) }));
    const plain = {
      dataModel,
      guardingAt,
      request,
      contentBytes: this.#most,
      foundRows: limits.foundRows,
    };
    // Who is read anew for each request is asked about nothing more.
    const few = proof && (await this.#findFew(plan, roots, plain, coerced, forWhat));
    const writing = { ...plain, few };
    const written = writeStatement(plan, roots, writing, { proof, named, most: this.#most });
    const statement: Statement = { ...written, actsIn: acting.where };
    if (statement.bound.length > PLACES || statement.text.length > TEXT) return undefined;
    if (proof !== undefined) this.#statements.keep(wanted, statement, plan.open);
    return statement;
  }

  /** Finds out which lists are of rows that are few among many. */
  async #findFew(
    { inputs }: Plan,
    roots: readonly Placed[],
    writing: Writing,
    variables: Readonly<Record<string, unknown>>,
    forWhat: AskedFor | undefined,
  ): Promise<FewOf | undefined> {
    const lists = roots.flatMap(({ root, place }): Asked[] =>
      root.is === 'list'
        ? [{ model: root.model, list: root.list, usable: root.usable, place }]
        : [],
    );
    if (lists.length === 0) return undefined;
    const draft = new Draft();
    // Charged as the statement is, and apart from it: what is refused is not looked for, either.
    const apart = { ...writing, request: { limits: this.#parts.limits } };
    const question = askFew(new Scribe(draft, apart), lists, this.#parts.limits);
    if (question === undefined) return undefined;
    const values = valuesOf({ bound: draft.bound, inputs }, variables);
    const [row] = await this.#parts.send(question.text, values, forWhat);
    return question.read(row?.answer ?? '[]');
  }

  /** INVARIANT: before anything is sent, for the database makes an answer as a whole. */
  #worstOf(plan: Plan): number {
    const { dataModel, limits } = this.#parts;
    return worstLength(plan, {
      contents: this.#most,
      isContent: (model, column) => contentsOf(dataModel, model).includes(column),
      ids: limits.nodeIds,
      representations: limits.representations,
    });
  }
}

function fragmentsOf(document: DocumentNode): Record<string, FragmentDefinitionNode> {
  const fragments: Record<string, FragmentDefinitionNode> = {};
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
  }
  return fragments;
}
