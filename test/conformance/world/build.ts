import { buildKeys, type KeySpec } from './build-keys.js';
import { buildOverrides } from './build-overrides.js';
import { buildOrganizations, buildScopes } from './build-places.js';
import { buildReaders } from './build-readers.js';
import {
  bindRoles,
  buildMemberships,
  buildPermissions,
  buildRoles,
  type Purpose,
} from './build-roles.js';
import { buildExecutables } from './build-rows.js';
import { buildWriters } from './build-writers.js';
import { choose, chooseSome, Draft, nameFor } from './draft.js';
import type { Spec } from './spec.js';
import type { World } from './types.js';

/** The world that a spec stands for: always one that the database accepts. */
export function build(
  spec: Spec,
  purpose: Purpose = 'reading',
  keys: readonly KeySpec[] = [],
): World {
  const draft = new Draft();
  buildOrganizations(draft, spec);
  buildScopes(draft, spec);
  buildPeople(draft, spec);
  buildExecutables(draft, spec);
  buildPermissions(draft, spec, purpose);
  buildRoles(draft, spec, purpose);
  bindRoles(draft, spec);
  buildMemberships(draft, spec);
  if (purpose === 'reading') buildReaders(draft, spec);
  buildOverrides(draft, spec);
  if (purpose !== 'reading') buildWriters(draft, spec, purpose);
  buildKeys(draft, keys);
  return draft.finish();
}

function buildPeople(draft: Draft, spec: Spec): void {
  const organizations = draft.of('Organization');
  spec.users.forEach(({ organization, name, active, admin }, index) => {
    const cells = {
      name: nameFor(name),
      email: `${choose(['a', 'a_', '%'], name)}${index}@x.test`,
      isActive: active,
      isPlatformAdmin: admin,
    };
    const one = { organization: choose(organizations, organization).id };
    draft.add('User', draft.next('User'), { cells, one, many: {} }, name);
  });
  for (const { organization, name, creator, members } of spec.teams) {
    const tenant = choose(organizations, organization).id;
    const text = nameFor(name);
    if (!draft.take('team', tenant, text)) continue;
    const users = draft.of('User');
    // Mostly people of its own; nothing in the model keeps others out.
    const home = users.filter((user) => user.one.organization === tenant);
    const from = home.length > 0 && creator % 5 > 0 ? home : users;
    const one = { organization: tenant, createdBy: choose(from, creator).id };
    const many = { members: chooseSome(from, members).map((user) => user.id) };
    draft.add('Team', draft.next('Team'), { cells: { name: text }, one, many }, name);
  }
}
