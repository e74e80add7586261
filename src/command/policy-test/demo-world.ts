import { AGENTS } from '../../demo/agents.js';
import { APPS } from '../../demo/apps.js';
import { CONFIGS } from '../../demo/configs.js';
import { FORMS } from '../../demo/forms.js';
import { DEMO_IDS } from '../../demo/ids.js';
import { demoEmail, PEOPLE, type PersonKey, TEAMS, type TeamKey } from '../../demo/people.js';
import { ORGANIZATIONS, SCOPE_TYPES, SCOPES, type ScopeKey } from '../../demo/places.js';
import { ROLES, type RoleKey } from '../../demo/roles.js';
import { type DemoRow, demoRowId, type RowKind } from '../../demo/row.js';
import { WORKFLOWS } from '../../demo/workflows.js';
import { rootScopeId } from '../../policy/root-scope.js';
import { PLATFORM_ROOT_ID } from '../../policy/vocabulary.js';
import { knownWorld, type Named, type World } from './world.js';

/** The demo world, by the keys that src/demo calls everything by: its ids are the same in every database. */
export function demoWorld(): World {
  const people = new Map(
    (Object.keys(PEOPLE) as PersonKey[]).map((key) => [
      key as string,
      { id: DEMO_IDS.users[key], email: demoEmail(key), isInactive: isInactive(key) },
    ]),
  );
  const organizations = Object.entries(DEMO_IDS.organizations);
  const places = new Map<string, string | null>([
    ['platform', null],
    ...organizations,
    ...Object.entries(DEMO_IDS.scopes),
  ]);
  return knownWorld('odin', people, places, {
    form: rows('form', FORMS),
    workflow: rows('workflow', WORKFLOWS),
    agent: rows('agent', AGENTS),
    app: rows('app', APPS),
    config: rows('config', CONFIGS),
    user: named(DEMO_IDS.users, (key) => PEOPLE[key as PersonKey].organization),
    team: named(DEMO_IDS.teams, (key) => TEAMS[key as TeamKey].organization),
    role: named(DEMO_IDS.roles, (key) => ROLES[key as RoleKey].at),
    scopeType: named(
      DEMO_IDS.scopeTypes,
      (key) => SCOPE_TYPES[key as keyof typeof SCOPE_TYPES].organization,
    ),
    scope: [
      { name: 'platform', at: null, id: PLATFORM_ROOT_ID },
      ...organizations.map(([name, id]) => ({ name, at: 'platform', id: rootScopeId(id) })),
      ...named(DEMO_IDS.scopes, (key) => {
        const scope = SCOPES[key as ScopeKey];
        return 'parent' in scope ? scope.parent : scope.organization;
      }),
    ],
    organization: named(DEMO_IDS.organizations, () => null),
  });
}

const isInactive = (key: PersonKey): boolean =>
  'isInactive' in PEOPLE[key] || 'isInactive' in ORGANIZATIONS[PEOPLE[key].organization];

function rows(kind: RowKind, all: readonly DemoRow[]): Named[] {
  return all.map(({ at, name }) => ({ name, at, id: demoRowId(kind, `${at}/${name}`) }));
}

function named(ids: Readonly<Record<string, string>>, at: (key: string) => string | null): Named[] {
  return Object.entries(ids).map(([name, id]) => ({ name, at: at(name), id }));
}
