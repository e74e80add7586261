import { randomUUID } from 'node:crypto';
import { type GraphQLError, type GraphQLFormattedError, graphql, parse, validate } from 'graphql';
import type { Database } from '../../../src/data/clients.js';
import { isDomainError } from '../../../src/errors.js';
import { loadPrincipal, loadPrincipalAnew } from '../../../src/identity/load-principal.js';
import { DEFAULT_LIMITS } from '../../../src/limits/limits.js';
import { ANONYMOUS, type Principal } from '../../../src/policy/principal.js';
import type { Proof } from '../../../src/read/caller.js';
import type { Lane } from '../../../src/read/lane.js';
import type { Acting } from '../../../src/request/acting.js';
import type { Context } from '../../../src/request/context.js';
import { createGateway, schema } from '../../../src/schema.js';
import { createKeyring } from '../../../src/secrets/keyring.js';
import type { Asking } from '../oracle/decide.js';
import { type Guise, homeTeamOf, operationsFor, personIn, type Who } from '../oracle/person.js';
import { placeNamed } from '../oracle/place.js';
import { Tree, tenantOf } from '../oracle/tree.js';
import { KEY } from '../world/seal.js';
import { type Named, rootOf, type World } from '../world/types.js';
import { expectSame } from './difference.js';
import { share, whyNot } from './share.js';

/** Who asks and where: as the world's rows have it. */
export type Seat = Who & { readonly header: Named };

/** What a person reads of who sits there. */
export const nameOf = (who: Who): string =>
  who.guise === 'key' ? `key ${who.keyId}` : `${who.guise} ${who.userId}`;

const KEYRING = createKeyring([KEY]);

/** What was asked, as it was asked, and everything that came. */
export type Asked =
  | {
      readonly source: string;
      readonly variables: Readonly<Record<string, unknown>>;
      readonly data: unknown;
      /** In the order that they were thrown. */
      readonly errors: readonly (GraphQLFormattedError & { readonly code: string })[];
    }
  /** Something else than GraphQL, under a title of its own. */
  | { readonly title: string; readonly found: unknown };

/** One principal in one place, with the gateway on one side and the evaluator on the other. */
export interface Session {
  readonly database: Database;
  readonly seat: Seat;
  readonly asking: Asking;
  readonly principal: Principal;
  /** The compiled path, which answers the same or not at all. */
  readonly lane: Lane | undefined;
  /** Hears of every answer as it came. */
  note(asked: Asked): void;
  /** A new request: nothing is remembered from the last one. */
  open(): Promise<Context>;
}

/** Opens a session, and compares who is refused already here. Null: nobody acts. */
export async function openSession(
  database: Database,
  world: World,
  seat: Seat,
  note: Session['note'] = () => undefined,
): Promise<Session | null> {
  const tree = new Tree(world);
  const person = personIn(world, seat);
  const principal = await principalFor(database, world, seat);
  expectSame('D18: whether somebody acts', principal !== null, person !== null);
  if (principal === null || person === null) return null;
  const place = placeNamed(tree, person, seat.header);
  const gateway = createGateway(database.client, {
    send: database.compiled,
    keyring: KEYRING,
    // Few of few rows are few as well.
    limits: { ...DEFAULT_LIMITS, probedRows: 0 },
    // As of a write, the same stranger.
    principalAnew: async (tx, one) => {
      if (seat.guise === 'key') return loadPrincipalAnew(tx, one);
      const anew = await loadPrincipalAnew(tx, { ...one, kind: 'USER' });
      return anew === null ? null : disguised(anew, seat.guise);
    },
  });
  const header = seat.header === null ? 'global' : (seat.header ?? null);
  const open = () => gateway.contextFor(principal, { scopeHeader: header });
  const refused = await open().then(
    () => null,
    (error: unknown) => (isDomainError(error) ? error.code : String(error)),
  );
  expectSame('D4: the scope header', refused, place === null ? 'SCOPE_FORBIDDEN' : null);
  return place === null
    ? null
    : {
        database,
        seat,
        asking: { tree, person, place },
        principal,
        lane: gateway.lane,
        note,
        open,
      };
}

/** A key of a person, in a world that has none: a row of the database, and what that says of it (D42). */
async function keyFor(
  { client }: Database,
  world: World,
  { userId, guise }: { readonly userId: string; readonly guise: Guise },
) {
  const teamId = guise === 'team key' ? homeTeamOf(world, userId) : null;
  if (guise === 'team key' && teamId === null) return null;
  const tree = new Tree(world);
  const organizationId = String(tenantOf(tree.get('User', userId)));
  const { id } = await client.virtualKey.create({
    data: {
      ...{ name: randomUUID(), prefix: randomUUID(), hash: randomUUID(), organizationId },
      scopeId: rootOf(organizationId),
      operations: operationsFor(userId),
      ...(guise === 'team key' ? { teamId } : { ownerId: userId }),
    },
  });
  return loadPrincipal(client, { virtualKeyId: id });
}

async function principalFor(
  database: Database,
  world: World,
  seat: Seat,
): Promise<Principal | null> {
  if (seat.guise === 'key') {
    const { keyId } = seat;
    const key = world.keys.find(({ id }) => id === keyId);
    const reference = key?.kind === 'API_KEY' ? { apiKeyId: keyId } : { virtualKeyId: keyId };
    return loadPrincipal(database.client, reference);
  }
  const { userId, guise } = seat;
  if (guise === 'anonymous') return ANONYMOUS;
  if (guise === 'owned key' || guise === 'team key') {
    return keyFor(database, world, { userId, guise });
  }
  const loaded = await loadPrincipal(database.client, { userId });
  return loaded === null ? null : disguised(loaded, guise);
}

function disguised(principal: Principal, guise: Guise): Principal {
  switch (guise) {
    case 'teams unresolved':
      return { ...principal, teams: { resolved: false } };
    case 'many teammates':
      if (!principal.teams.resolved) throw new Error('the teams of a user are read');
      return { ...principal, teams: { ...principal.teams, memberIds: null } };
    case 'ownerless key':
      return {
        ...principal,
        kind: 'VIRTUAL_KEY',
        userId: null,
        isPlatformAdmin: false,
        isProvider: false,
        teams: { resolved: true, ids: [], memberIds: [] },
      };
    default:
      return principal;
  }
}

export interface Answered {
  readonly data: Record<string, unknown> | null;
  /** `path: CODE`, sorted. */
  readonly errors: readonly string[];
  /** What was withheld from who does not manage its rows (D15). */
  readonly withheld: readonly string[];
}

/** Asks the gateway as the caller would, in a request of its own. */
export async function ask(
  session: Session,
  source: string,
  variableValues: Record<string, unknown> = {},
): Promise<Answered> {
  const contextValue = await session.open();
  const result = await graphql({ schema, source, variableValues, contextValue });
  const errors = (result.errors ?? []).map((error) => ({ ...error.toJSON(), code: codeOf(error) }));
  session.note({ source, variables: variableValues, data: result.data, errors });
  const answered = {
    data: JSON.parse(JSON.stringify(result.data ?? null)) as Answered['data'],
    errors: errors.map(({ path, code }) => `${path?.join('.') ?? ''}: ${code}`).sort(),
    withheld: [...contextValue.withheld].sort(),
  };
  const expected = { text: JSON.stringify(result.data), actsIn: contextValue.acting.where };
  await compareCompiled(session, source, variableValues, expected, answered);
  return answered;
}

/** Whose authority is compared with nothing: nobody changes it meanwhile. */
const KNOWN: Proof = { vector: { organizationIds: [], versions: [] }, validUntil: null };

/** What the compiled path answers is the same text; what fails it leaves to the other one. */
async function compareCompiled(
  { lane, principal, seat: { header } }: Session,
  source: string,
  variables: Readonly<Record<string, unknown>>,
  { text, actsIn }: { readonly text: string; readonly actsIn: Acting['where'] },
  { errors, withheld }: Answered,
): Promise<void> {
  const document = parse(source);
  if (lane === undefined || principal.kind === 'ANONYMOUS') return;
  if (validate(schema, document).length > 0) return;
  const scopeHeader = header === null ? 'global' : (header ?? null);
  const query = { document, operationName: null, variables, scopeHeader };
  // Half of them as who was read a moment ago, and half as who is known: of the latter few rows are found one by one.
  const proof = source.length % 2 === 0 ? undefined : KNOWN;
  const outcome = await lane.answer(query, { principal, proof });
  // What fails is the other path's to tell.
  if (errors.length === 0) {
    share.count(outcome !== 'elsewhere', () => whyNot(schema, source, variables));
  }
  if (outcome === 'elsewhere') return;
  // And what of it is to be recorded (D19) is the same.
  const sorted = (where: Acting['where']) => where.map(String).sort();
  const found =
    typeof outcome === 'string'
      ? outcome
      : { ...outcome, actsIn: sorted(outcome.actsIn), errors: [] };
  expectSame(`compiled: ${source}`, found, { text, actsIn: sorted(actsIn), withheld, errors });
}

function codeOf({ message, extensions, originalError }: GraphQLError): string {
  return isDomainError(originalError) ? originalError.code : String(extensions.code ?? message);
}
