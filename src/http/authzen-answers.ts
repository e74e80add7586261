import { createHash } from 'node:crypto';
import type { Decision, SubjectName } from '../decisions/asked.js';
import { decide, settleAll } from '../decisions/decide.js';
import { effectivePermissions } from '../decisions/effective.js';
import { subjectsWithAccess } from '../decisions/with-access.js';
import { badUserInput, DomainError } from '../errors.js';
import type { Limits } from '../limits/limits.js';
import type { Context } from '../request/context.js';
import { accessibleRows } from '../resources/decisions/accessible.js';
import { models } from '../resources/decisions/models.js';
import { askedOf, scopeIn, subjectsBy, USER } from './authzen-asked.js';
import {
  type ActionSearch,
  AUTHZEN_REQUESTS,
  type Evaluation,
  type Evaluations,
  parseAuthzen,
  type ResourceSearch,
  type SubjectSearch,
} from './authzen-request.js';

/** The endpoints, by what follows `/access/v1/`. */
export const AUTHZEN_ENDPOINTS: Readonly<
  Record<string, (context: Context, body: string) => Promise<object>>
> = {
  evaluation: (context, body) => evaluate(context, parseAuthzen(AUTHZEN_REQUESTS.evaluation, body)),
  evaluations: (context, body) =>
    evaluateAll(context, parseAuthzen(AUTHZEN_REQUESTS.evaluations, body)),
  'search/subject': (context, body) =>
    searchSubjects(context, parseAuthzen(AUTHZEN_REQUESTS['search/subject'], body)),
  'search/resource': (context, body) =>
    searchResources(context, parseAuthzen(AUTHZEN_REQUESTS['search/resource'], body)),
  'search/action': (context, body) =>
    searchActions(context, parseAuthzen(AUTHZEN_REQUESTS['search/action'], body)),
};

async function evaluate(context: Context, asked: Evaluation): Promise<object> {
  return told(await decide(context, models(), await askedOf(asked, subjectsBy(context))));
}

/** All at once; what ends early leaves out what follows. */
async function evaluateAll(context: Context, given: Evaluations): Promise<object> {
  const { evaluations: items = [], options = {}, ...defaults } = given;
  if (items.length === 0) return evaluate(context, whole(defaults));
  const { checks } = context.limits;
  if (items.length > checks) throw badUserInput(`at most ${checks} checks at once`);
  const find = subjectsBy(context);
  // INVARIANT: what is at fault is found out before anything is asked of the database: a question that is left behind
  // would fail when nobody listens any more.
  const questions = items.map((item) => whole({ ...defaults, ...item }));
  const asked = await allOf(questions.map(async (one) => askedOf(one, find)));
  const settled = await settleAll(context, models(), asked);
  const evaluations = settled.map((one) => (one instanceof DomainError ? refused(one) : told(one)));
  const last = evaluations.findIndex(({ decision }) => decision === ENDS[semantic(options)]);
  return { evaluations: last < 0 ? evaluations : evaluations.slice(0, last + 1) };
}

/** All of them, or the first error once each has ended: none goes on behind an answer. */
async function allOf<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(promises);
  return settled.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
}

type Semantic = NonNullable<NonNullable<Evaluations['options']>['evaluations_semantic']>;
const semantic = ({ evaluations_semantic = 'execute_all' }: NonNullable<Evaluations['options']>) =>
  evaluations_semantic;

/** The decision after which nothing more is asked. */
const ENDS: Readonly<Record<Semantic, boolean | null>> = {
  execute_all: null,
  deny_on_first_deny: false,
  permit_on_first_permit: true,
};

function whole({
  subject,
  action,
  resource,
}: Pick<Evaluations, 'subject' | 'action' | 'resource'>): Evaluation {
  if (subject === undefined || action === undefined || resource === undefined) {
    throw badUserInput('an evaluation has a subject, an action and a resource');
  }
  return { subject, action, resource };
}

interface Told {
  readonly decision: boolean;
  readonly context: object;
}

function told({ answer, reason, callersWord }: Decision): Told {
  const said = callersWord.length === 0 ? {} : { callers_word: callersWord };
  return { decision: answer === 'YES', context: { answer, reason: short(reason()), ...said } };
}

/** A role can carry a hundred patterns, and a thousand answers name them. */
const short = (reason: string): string =>
  reason.length <= MOST_SAID ? reason : `${reason.slice(0, MOST_SAID)}…`;
const MOST_SAID = 500;

/** INVARIANT: what went wrong is never a yes. */
function refused({ code, message }: DomainError): Told {
  return { decision: false, context: { error: { code, message } } };
}

async function searchSubjects(context: Context, search: SubjectSearch): Promise<object> {
  const { subject, action, resource } = search;
  const paging = pagingOf(search, context.limits);
  if (subject.type !== USER) return { page: { next_token: '' }, results: [] };
  const found = await subjectsWithAccess(context, models(), {
    action: action.name,
    resourceType: resource.type,
    resourceId: resource.id,
    first: paging.first,
    after: paging.after,
  });
  return {
    page: paging.page(found.hasMore ? found.endCursor : null),
    results: found.userIds.map((id) => ({ type: USER, id })),
  };
}

async function searchResources(context: Context, search: ResourceSearch): Promise<object> {
  const { subject, action, resource } = search;
  const paging = pagingOf(search, context.limits);
  const scope = scopeIn(resource.properties ?? {});
  const args = {
    action: action.name,
    resourceType: resource.type,
    subject: await subjectsBy(context)(subject),
    ...(scope === undefined ? {} : { scope }),
    first: paging.first,
    after: paging.after,
  };
  const { edges, pageInfo } = await (await accessibleRows(context, args, () => ['id'])).page();
  return {
    page: paging.page(pageInfo.hasNextPage ? pageInfo.endCursor() : null),
    results: edges.map(({ node }) => ({ type: resource.type, id: node.id })),
  };
}

/** Of what can be done with a type, whatever may be done with this one. */
async function searchActions(context: Context, search: ActionSearch): Promise<object> {
  const { subject, resource } = search;
  const find = subjectsBy(context);
  const known = await actionsOf(context, search, await find(subject));
  const asked = await Promise.all(
    known.map((name) => askedOf({ subject, action: { name }, resource }, find)),
  );
  const settled = await settleAll(context, models(), asked);
  const failed = settled.find((one) => one instanceof DomainError);
  if (failed !== undefined) throw failed;
  const results = known.filter((_, index) => (settled[index] as Decision).answer === 'YES');
  return { page: { next_token: '' }, results: results.map((name) => ({ name })) };
}

async function actionsOf(
  context: Context,
  { resource: { type, properties = {} } }: ActionSearch,
  subject: SubjectName,
): Promise<readonly string[]> {
  const model = models().get(type);
  if (model !== undefined) {
    return Object.keys(context.decisionsAt(context.place).policy(model).actions);
  }
  const scope = scopeIn(properties);
  const at = scope === undefined ? {} : { scope };
  const { permissions } = await effectivePermissions(context, { subject, ...at });
  const own = permissions.filter(({ resourceType }) => resourceType === type);
  return [...new Set(own.map(({ action }) => action))];
}

interface Paged {
  readonly page?:
    | { readonly token?: string | undefined; readonly limit?: number | undefined }
    | undefined;
}

/** A token is of the search that it came from: with another it is an error, and no other page (AuthZEN). */
function pagingOf(search: Paged, { maxPageSize }: Limits) {
  const { page: { token, limit } = {}, ...asked } = search;
  const hash = createHash('sha256').update(JSON.stringify(asked)).digest('base64url').slice(0, 16);
  const [of, cursor] = token === undefined || token === '' ? [hash, null] : token.split('.', 2);
  if (of !== hash || cursor === undefined) throw badUserInput('this is no token of the search');
  return {
    // The limit is the most that is wanted; fewer is an answer too.
    first: limit === undefined ? null : Math.min(limit, maxPageSize),
    after: cursor,
    page: (next: string | null) => ({ next_token: next === null ? '' : `${hash}.${next}` }),
  };
}
