// Why something was decided as it was, in words.
import { models } from '../../resources/decisions/models.js';
import { codeOf } from './caller.js';
import { type Asking, askersToken, type Outcome, type Question } from './decisions.js';
import type { World } from './world.js';

interface Rule {
  readonly rule: string;
  readonly text: string;
  readonly answer: 'YES' | 'NO' | 'UNKNOWN';
  readonly unknown: string | null;
  readonly because?: readonly Rule[];
}
type Named = { readonly name: string | null } | null;
interface Held {
  readonly resourceType: string;
  readonly action: string;
  readonly pattern: string;
  readonly dataAccess: string;
  readonly isConditional: boolean;
  readonly through: readonly {
    readonly role: Named;
    readonly heldAt: { readonly displayName: string } | null;
    readonly inherited: boolean;
  }[];
}
interface Change {
  readonly change: string;
  readonly role: Named;
  readonly scope: { readonly displayName: string } | null;
  readonly scopeType: Named;
}
interface Miss {
  readonly changes: readonly Change[];
}
interface Explained {
  readonly decision: Pick<Outcome, 'answer' | 'reason'>;
  readonly rules: readonly Rule[];
  readonly derivation: readonly Held[];
  readonly nearestMisses: readonly Miss[];
}

const HELD = `
  fragment Held on EffectivePermission {
    resourceType action pattern dataAccess isConditional
    through { role { name } heldAt { displayName } inherited }
  }`;
const EXPLAIN = `
  query PolicyTestWhy($action: String!, $resourceType: String!, $resourceId: ID!, $subject: SubjectInput) {
    explainAccess(action: $action, resourceType: $resourceType, resourceId: $resourceId, subject: $subject) {
      decision { answer reason }
      rules { ...Rule because { ...Rule because { ...Rule because { ...Rule because { ...Rule } } } } }
      derivation { ...Held }
      nearestMisses { changes { change role { name } scope { displayName } scopeType { name } } }
    }
  }
  fragment Rule on DecidingRule { rule text answer unknown }
  ${HELD}`;
const EFFECTIVE = `
  query PolicyTestHeld($scope: ID, $subject: SubjectInput) {
    effectivePermissions(scope: $scope, subject: $subject) { permissions { ...Held } }
  }
  ${HELD}`;

/** Why, in a few words, and in lines. */
export interface Why {
  readonly reason: string;
  readonly lines: readonly string[];
}

/**
 * By which rules something was decided, what is held for it and what would have to change; fewer, where who asks may
 * not know. Throws AskError.
 */
export async function explain(
  { expectation: { who }, question, answer, reason }: Outcome,
  world: World,
  asking: Asking,
): Promise<Why> {
  const token = await askersToken(world, asking);
  const subject = who === world.asker ? {} : { subject: { userId: world.person(who)?.id } };
  const { resourceId } = question;
  if (resourceId === undefined || !models().has(question.resourceType)) {
    return { reason, lines: held(question, await heldAt(question, subject, token, asking)) };
  }
  const answered = await asking.call<{ explainAccess: Explained | null }>(token, EXPLAIN, {
    ...question,
    ...subject,
  });
  const told = answered.data?.explainAccess;
  if (told == null) {
    const why = `${codeOf(answered)}: ${answered.errors[0]?.message}`;
    return { reason, lines: [`why is not told: ${why}`] };
  }
  const { decision, rules, derivation, nearestMisses: misses } = told;
  return {
    // Who asks about somebody is told more than these are of themselves.
    reason: decision.answer === answer ? decision.reason : reason,
    lines: [
      ...listed('the rules that decided:', rules.flatMap(ruleLines)),
      ...held(question, derivation),
      ...listed('it would be permitted by one of:', misses.map(missLine)),
    ],
  };
}

const listed = (heading: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [heading, ...lines.map((line) => `  ${line}`)];

async function heldAt(
  { action, resourceType, scope }: Question,
  subject: object,
  token: string,
  asking: Asking,
): Promise<readonly Held[]> {
  const { data } = await asking.call<{
    effectivePermissions: { permissions: readonly Held[] } | null;
  }>(token, EFFECTIVE, { ...subject, ...(scope === undefined ? {} : { scope }) });
  const permissions = data?.effectivePermissions?.permissions ?? [];
  return permissions.filter((one) => one.resourceType === resourceType && one.action === action);
}

function ruleLines({ rule, text, answer, unknown, because = [] }: Rule): string[] {
  const why = unknown === null ? '' : `: ${unknown}`;
  const line = `${ANSWERS[answer]} ${text} (${rule})${why}`;
  return [line, ...because.flatMap(ruleLines).map((one) => `  ${one}`)];
}

const ANSWERS = { YES: '[yes]', NO: '[no] ', UNKNOWN: '[?]  ' } as const;

function held({ action, resourceType }: Question, all: readonly Held[]): string[] {
  // What is used needs no permission (D6).
  if (action === USE) return [];
  if (all.length === 0) return [`holds no permission ${resourceType}:${action} that counts there`];
  return listed('what is held for it and counts there:', all.map(heldLine));
}

const USE = 'use';

function heldLine(one: Held): string {
  const { resourceType, action, pattern, dataAccess, isConditional, through } = one;
  const ways = through.map(({ role, heldAt: at, inherited }) => {
    const where = at === null ? '' : ` at ${at.displayName}`;
    return `the role ${role?.name ?? '(hidden)'}${where}${inherited ? ', inherited' : ''}`;
  });
  const condition = isConditional ? ', on a condition' : '';
  return `${resourceType}:${action}:${pattern} (${dataAccess}${condition}) through ${ways.join('; ')}`;
}

/** All of its changes together. */
const missLine = ({ changes }: Miss): string => changes.map(changeLine).join(' and ');

function changeLine({ change, role, scope, scopeType }: Change): string {
  const name = role?.name ?? '(hidden)';
  const at = scope === null ? '' : ` at ${scope.displayName}`;
  switch (change) {
    case 'ASSIGN_ROLE':
      return `assigning the role ${name}${at}`;
    case 'LIFT_OVERRIDE':
      return `removing the override${at}`;
    case 'MERGE_TYPE':
      return `letting scopes of the type ${scopeType?.name ?? '(hidden)'} inherit`;
    case 'SHARE_WITH_ROLE':
      return `sharing it with the role ${name}`;
    case 'CHANGE_REACH':
      return `letting the role ${name} reach all data`;
    default:
      return `${change} ${name}`;
  }
}
