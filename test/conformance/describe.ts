import { askedIn, type Case, seatOf } from './case.js';
import { nameOf } from './questions/session.js';
import { build } from './world/build.js';
import type { Row, World } from './world/types.js';
import { type Writing, type WritingCase, writerOf } from './writing/case.js';

/** A case as a person reads it: what is in the world besides what is built in, and who asks what. */
export function describe(drawn: Case): string {
  const world = build(drawn.spec);
  const seats = drawn.sittings.map((sitting) => {
    const { header, ...who } = seatOf(world, sitting);
    const asked = askedIn(sitting)
      .map(({ kind, seed }) => `${kind}#${seed}`)
      .join(' ');
    const place = header === undefined ? '' : ` at ${header === null ? 'global' : header}`;
    return `asked as ${nameOf(who)}${place}: ${asked}`;
  });
  return [...describeWorld(world), ...seats].join('\n');
}

/** The same of one that is written in. */
export function describeWriting(drawn: WritingCase, purpose: Writing = 'writing'): string {
  const world = build(drawn.spec, purpose, drawn.keys);
  const seats = drawn.sittings.map((sitting) => {
    const { header, ...who } = writerOf(world, sitting, purpose);
    const at = header === undefined ? '' : ` at ${header === null ? 'global' : header}`;
    return `writes as ${nameOf(who)}${at}: ${sitting.writes.map((seed) => `#${seed}`).join(' ')}`;
  });
  return [...describeWorld(world), ...seats].join('\n');
}

function describeWorld(world: World): string[] {
  const rows = world.rows.filter(
    ({ type, id }) => !world.builtIn.has(id) && !['Membership', 'ScopeOverride'].includes(type),
  );
  return [
    ...rows.map(describeRow),
    ...world.keys.map((key) => `Key ${JSON.stringify(key)}`),
    ...describeMemberships(world),
    ...describeOverrides(world),
  ];
}

function describeRow({ type, id, cells, one, many }: Row): string {
  const { createdAt: _, updatedAt: __, ...others } = cells;
  const parts = Object.entries({ ...others, ...one, ...many })
    .filter(([, value]) => value !== null && !(Array.isArray(value) && value.length === 0))
    .map(
      ([name, value]) =>
        `${name}=${Array.isArray(value) ? value.join('+') : JSON.stringify(value)}`,
    );
  return `${type} ${id} ${parts.join(' ')}`;
}

function describeMemberships({ memberships }: World): string[] {
  return memberships.map(
    ({ id, userId, teamId, keyId, scopeId, roleIds, expiresAt, ends }) =>
      `Membership ${id} ${userId ?? teamId ?? keyId} in ${scopeId} as ${roleIds.join('+') || 'nothing'}` +
      ` until ${expiresAt ?? 'for ever'}, of these ${JSON.stringify(ends)}`,
  );
}

function describeOverrides({ overrides }: World): string[] {
  return overrides.map(
    ({ scopeId, roleId, permissionId, state }) =>
      `Override at ${scopeId} of role ${roleId ?? 'any'} permission ${permissionId ?? 'all'}: ${state}`,
  );
}
