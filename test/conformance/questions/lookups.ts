import { CATALOG } from '../catalog.js';
import { mayRead } from '../oracle/decide.js';
import { lookUp } from '../oracle/names.js';
import { tenantOf } from '../oracle/tree.js';
import { CASCADING, type CascadingType } from '../world/types.js';
import { expectSame } from './difference.js';
import { nameSomewhere, resolve } from './places.js';
import type { Random } from './random.js';
import { ask, type Session } from './session.js';

const CASCADING_TYPES = Object.keys(CASCADING) as CascadingType[];

/** A lookup by name through the cascade (D2): names that exist somewhere, and their look-alikes. */
export async function askByName(session: Session, random: Random): Promise<void> {
  const { asking } = session;
  const type = random.one(CASCADING_TYPES);
  const facts = CATALOG[type].lookup as { field: string; by: string };
  const names = asking.tree.of(type).map((row) => String(row.cells[CASCADING[type]]));
  const name = random.one([...names, ...names, ...names, 'a', 'A', '%', '_', '', 'nobody\u0000']);
  const scope = nameSomewhere(session, random);
  const args = { [facts.by]: name, ...(scope === undefined ? {} : { scope }) };
  const place = resolve(session, scope === undefined ? {} : { scope });
  const declared = `$${facts.by}: String!${scope === undefined ? '' : ', $scope: ID'}`;
  const given = Object.keys(args).map((key) => `${key}: $${key}`);
  const source = `query (${declared}) { found: ${facts.field}(${given.join(', ')}) { id shadowed } }`;
  const answered = await ask(session, source, args);
  const title = `${facts.field} ${JSON.stringify(args)}`;
  if (asking.person.guise === 'anonymous') {
    expectSame(title, answered, {
      data: { found: null },
      errors: ['found: UNAUTHENTICATED'],
      withheld: [],
    });
  } else if (typeof place === 'string') {
    expectSame(title, answered, {
      data: { found: null },
      errors: [`found: ${place}`],
      withheld: [],
    });
  } else if (name.includes('\u0000')) {
    const errors = ['found: BAD_USER_INPUT'];
    expectSame(title, answered, { data: { found: null }, errors, withheld: [] });
  } else {
    const found = lookUp(asking, type, name, place);
    const expected = found === null ? null : { id: found.id, shadowed: false };
    expectSame(title, answered, { data: { found: expected }, errors: [], withheld: [] });
  }
}

/** A scope by its id in another system, in the organization acted in. */
export async function askByExternalId(session: Session, random: Random): Promise<void> {
  const { asking } = session;
  const scopes = asking.tree.of('Scope');
  const ids = scopes.flatMap((scope) => scope.cells.externalId ?? []).map(String);
  const externalId = random.one([...ids, ...ids, 'a', '%']);
  const scope = nameSomewhere(session, random);
  const args = { externalId, ...(scope === undefined ? {} : { scope }) };
  const place = resolve(session, scope === undefined ? {} : { scope });
  const [declared, given] = scope === undefined ? ['', ''] : [', $scope: ID', ', scope: $scope'];
  const source = `query ($externalId: String!${declared}) {
    found: scopeByExternalId(externalId: $externalId${given}) { id } }`;
  const answered = await ask(session, source, args);
  const title = `scopeByExternalId ${JSON.stringify(args)}`;
  if (asking.person.guise === 'anonymous') {
    expectSame(title, answered, {
      data: { found: null },
      errors: ['found: UNAUTHENTICATED'],
      withheld: [],
    });
  } else if (typeof place === 'string') {
    expectSame(title, answered, {
      data: { found: null },
      errors: [`found: ${place}`],
      withheld: [],
    });
  } else {
    const found = scopes.find(
      (one) => one.cells.externalId === externalId && tenantOf(one) === place.organizationId,
    );
    // The global tier alone has no such scopes.
    const there = found !== undefined && place.covers.kind !== 'global' ? found : null;
    const expected = there !== null && mayRead(asking, there) ? { id: there.id } : null;
    expectSame(title, answered, { data: { found: expected }, errors: [], withheld: [] });
  }
}
