// Whether everything that a world of a file's own names is in it, and may be where it is.

import { parseCondition } from '../../policy/parse-condition.js';
import { ACTIONS, SYSTEM_ROLES } from '../../policy/vocabulary.js';
import { models } from '../../resources/decisions/models.js';
import { policies } from '../../schema.js';
import { entry, type Holding, type OwnWorld, type Permit, ROW_TYPES, type Shape } from './shape.js';
import type { Path } from './source.js';
import { type Complain, checkScopes, checkTypes, isIn } from './world-tree.js';

/** Says what is wrong with a world. */
export function checkWorld(world: OwnWorld, services: Shape['services'], tell: Complain): void {
  const complain: Complain = (path, message) => tell(['world', ...path], message);
  const { organizations, scopes, roles, people, teams } = world;
  for (const key of Object.keys(scopes)) {
    if (Object.hasOwn(organizations, key)) complain(['scopes', key], `${key} is an organization`);
  }
  const place = (path: Path, key: string): boolean =>
    isIn({ ...organizations, ...scopes }, key, path, 'place', complain);
  const person = (path: Path, key: string | undefined): void => {
    if (key !== undefined) isIn(people, key, path, 'person', complain);
  };
  const organization = (path: Path, key: string): void =>
    void isIn(organizations, key, path, 'organization', complain);

  checkTypes(world, complain);
  const rooted = checkScopes(world, place, complain);
  for (const [key, { at, permits }] of Object.entries(roles)) {
    if (Object.hasOwn(SYSTEM_ROLES, key))
      complain(['roles', key], 'is a role of every installation');
    place(['roles', key, 'at'], at);
    permits.forEach((permit, index) => {
      const wrong = mistakeIn(permit, services);
      if (wrong !== undefined) complain(['roles', key, 'permits', index], wrong);
    });
  }
  checkConditions(roles, complain);
  const holds = (path: Path, held: readonly Holding[]): void =>
    held.forEach(({ role, at }, index) => {
      const here = [...path, 'holds', index];
      if (place(here, at)) usable(here, role, at);
    });
  const usable = (path: Path, name: string, at: string): void => {
    const role = entry(roles, name);
    if (role === undefined) {
      if (!Object.hasOwn(SYSTEM_ROLES, name)) complain(path, `there is no role ${name}`);
    } else if (rooted(at)?.includes(role.at) === false) {
      complain(path, `the role ${name} is of ${role.at}: it is not to be had at ${at} (D8)`);
    }
  };
  for (const [key, one] of Object.entries(people)) {
    organization(['people', key, 'in'], one.in);
    holds(['people', key], one.holds);
  }
  for (const [key, team] of Object.entries(teams)) {
    organization(['teams', key, 'in'], team.in);
    person(['teams', key, 'createdBy'], team.createdBy);
    team.members.forEach((member, index) => {
      person(['teams', key, 'members', index], member);
    });
    holds(['teams', key], team.holds);
  }
  world.overrides.forEach(({ at, role, permission }, index) => {
    const path = ['overrides', index];
    if (place([...path, 'at'], at)) usable([...path, 'role'], role, at);
    const carried = entry(roles, role)?.permits ?? [];
    if (permission !== undefined && !carried.some((one) => keyOf(one) === keyOf(permission))) {
      complain([...path, 'permission'], `no role of this file called ${role} permits that`);
    }
  });
  for (const type of ROW_TYPES) {
    const names = new Set<string>();
    const rows: readonly AnyRow[] = world.resources[type];
    rows.forEach((row, index) => {
      const path = ['resources', type, index];
      const name = `${row.at} ${row.name}`;
      if (names.has(name))
        complain([...path, 'name'], `there is another ${type} ${row.name} at ${row.at}`);
      names.add(name);
      const known = place([...path, 'at'], row.at);
      person([...path, 'owner'], row.owner);
      person([...path, 'createdBy'], row.createdBy);
      if (row.team !== undefined) isIn(teams, row.team, [...path, 'team'], 'team', complain);
      row.roles?.forEach((role, nth) => {
        if (known) usable([...path, 'roles', nth], role, row.at);
      });
      if (row.access === 'PRIVATE' && type !== 'agent') {
        complain([...path, 'access'], 'PRIVATE is for agents alone (D6)');
      }
    });
  }
}

/** At one place a permission has one condition or none. */
function checkConditions(roles: OwnWorld['roles'], complain: Complain): void {
  const known = new Map<string, string>();
  for (const [key, { at, permits }] of Object.entries(roles)) {
    permits.forEach((permit, index) => {
      const same = `${at} ${keyOf(permit)}`;
      const condition = JSON.stringify(permit.condition ?? null);
      if ((known.get(same) ?? condition) !== condition) {
        complain(
          ['roles', key, 'permits', index],
          `at ${at} it has another condition in another role`,
        );
      }
      known.set(same, condition);
    });
  }
}

type Usable = OwnWorld['resources']['form'][number];
/** Configs have neither access level nor roles. */
type AnyRow = Omit<Usable, 'roles' | 'access'> & Partial<Pick<Usable, 'roles' | 'access'>>;

export const keyOf = ({
  resourceType,
  action,
  resourcePattern,
}: Omit<Permit, 'condition'>): string => `${resourceType}:${action}:${resourcePattern}`;

/** What would be stored and mean nothing: a permission for what nobody knows, a pattern or a condition that is none. */
function mistakeIn(
  { resourceType, action, resourcePattern, condition }: Permit,
  services: Shape['services'],
): string | undefined {
  const known: readonly string[] | undefined = Object.hasOwn(ACTIONS, resourceType)
    ? ACTIONS[resourceType as keyof typeof ACTIONS]
    : entry(services, resourceType);
  if (known?.includes(action) !== true) {
    return `there is no such permission: ${resourceType} ${known === undefined ? 'is no type of resource; those of other services are listed under services' : `has ${known.join(', ')}`}`;
  }
  if (/\*/.test(resourcePattern) && !/^(\*|[^*]+\/\*)$/.test(resourcePattern)) {
    return 'a pattern is *, owned, a name, or a prefix and /* (D10)';
  }
  if (condition === undefined) return undefined;
  const model = models().get(resourceType);
  const speakable = model === undefined ? undefined : policies.get(model)?.speakable;
  if (speakable === undefined) return 'no condition can be asked of resources of this type (D11)';
  const { issues = [] } = parseCondition(condition, speakable);
  return issues.length === 0
    ? undefined
    : `the condition: ${issues.map(({ message }) => message).join('; ')}`;
}
