// Who is there: one person for every kind of case that the model knows, and their teams.
import type { OrganizationKey } from './places.js';

interface Person {
  readonly name: string;
  readonly organization: OrganizationKey;
  readonly isPlatformAdmin?: true;
  readonly isInactive?: true;
  /** What this person shows, in one line. */
  readonly what: string;
}

export const PEOPLE = {
  odin: {
    name: 'Odin',
    organization: 'asgard',
    isPlatformAdmin: true,
    what: 'platform admin: everything in every tenant, except the use of PRIVATE agents',
  },
  frigg: {
    name: 'Frigg',
    organization: 'asgard',
    what: 'owner of the provider, and Viewer in Globex: what she holds counts only where she holds it',
  },
  thor: {
    name: 'Thor',
    organization: 'asgard',
    what: 'provider staff with the role Member: may act in managed tenants, where he holds nothing',
  },
  loki: {
    name: 'Loki',
    organization: 'asgard',
    what: 'provider staff without a role: may not act in another tenant',
  },

  alice: {
    name: 'Alice',
    organization: 'acme',
    what: 'owner of Acme: manages all of it, except what is in the Vault',
  },
  bob: {
    name: 'Bob',
    organization: 'acme',
    what: 'admin of Acme: as the owner, but cannot delete it',
  },
  erin: {
    name: 'Erin',
    organization: 'acme',
    what: 'Editor at Engineering: manages Engineering, Backend and Frontend, and nothing of Sales',
  },
  sam: {
    name: 'Sam',
    organization: 'acme',
    what: 'Viewer at Sales: reads everything in Sales and CRM, and nothing more than Mia elsewhere',
  },
  mia: {
    name: 'Mia',
    organization: 'acme',
    what: 'member without a role: uses what is open to everybody in Acme, manages nothing',
  },
  fiona: {
    name: 'Fiona',
    organization: 'acme',
    what: 'Finance Approver: uses the rows that are bound to that role, manages nothing',
  },
  otto: {
    name: 'Otto',
    organization: 'acme',
    what: 'Operator, a global role, held in Acme: uses global and Acme rows that are bound to it',
  },
  owen: {
    name: 'Owen',
    organization: 'acme',
    what: 'Author (OWN_DATA): reads what he created or owns, and the legacy rows of nobody',
  },
  tess: {
    name: 'Tess',
    organization: 'acme',
    what: "Team Lead (TEAM_DATA): reads her own, her teammates' and her team's rows",
  },
  timo: {
    name: 'Timo',
    organization: 'acme',
    what: "Tess's teammate: holds nothing himself, she reads his rows",
  },
  alba: {
    name: 'Alba',
    organization: 'acme',
    what: 'Auditor (ALL_DATA): reads all rows, except those in the Vault',
  },
  theo: {
    name: 'Theo',
    organization: 'acme',
    what: 'Release Manager through his team Release Crew, not by himself',
  },
  bella: {
    name: 'Bella',
    organization: 'acme',
    what: 'Deployer at Backend alone: opens the rows bound to it there, not the same ones at Frontend',
  },
  vera: {
    name: 'Vera',
    organization: 'acme',
    what: 'owner of the Vault "Compliance" and of nothing else',
  },
  paula: {
    name: 'Paula',
    organization: 'acme',
    what: 'Billing Clerk: her only permissions have the pattern billing/*',
  },
  oona: {
    name: 'Oona',
    organization: 'acme',
    what: 'Keeper: her only permissions have the pattern owned',
  },
  ivan: {
    name: 'Ivan',
    organization: 'acme',
    isInactive: true,
    what: 'admin of Acme on paper, but inactive: refused',
  },

  gina: { name: 'Gina', organization: 'globex', what: 'owner of Globex: nothing of Acme' },
  hank: {
    name: 'Hank',
    organization: 'globex',
    what: 'ordinary user of Globex: uses what is open there, and nothing of Acme',
  },
  gwen: {
    name: 'Gwen',
    organization: 'globex',
    what: "Globex's own Finance Approver: a role of the same name opens nothing in Acme",
  },
  bill: { name: 'Bill', organization: 'initech', what: 'owner of Initech' },
  peter: {
    name: 'Peter',
    organization: 'initech',
    what: 'holds a role that is called "Platform Admin": a name gives no power',
  },
  gavin: {
    name: 'Gavin',
    organization: 'hooli',
    what: 'owner of Hooli, an inactive organization: refused',
  },

  pia: {
    name: 'Pia',
    organization: 'playground',
    what: 'owner of the Playground: writes all of it',
  },
  emil: {
    name: 'Emil',
    organization: 'playground',
    what: 'Editor at the Lab: writes there alone, and shares or gives away nothing',
  },
  rita: {
    name: 'Rita',
    organization: 'playground',
    what: 'Receptionist of the Playground: keeps its people and teams, gives nobody more than she holds',
  },
  max: {
    name: 'Max',
    organization: 'playground',
    what: 'member of the Playground without a role: uses what is open there, writes nothing',
  },
} as const satisfies Record<string, Person>;

export type PersonKey = keyof typeof PEOPLE;

interface DemoTeam {
  readonly name: string;
  readonly organization: OrganizationKey;
  readonly createdBy: PersonKey;
  readonly members: readonly PersonKey[];
}

export const TEAMS = {
  fieldCrew: {
    name: 'Field Crew',
    organization: 'acme',
    createdBy: 'alice',
    members: ['tess', 'timo'],
  },
  deskCrew: { name: 'Desk Crew', organization: 'acme', createdBy: 'alice', members: ['owen'] },
  releaseCrew: { name: 'Release Crew', organization: 'acme', createdBy: 'bob', members: ['theo'] },
  caretakers: {
    name: 'Caretakers',
    organization: 'playground',
    createdBy: 'pia',
    members: ['pia'],
  },
  nightShift: { name: 'Night Shift', organization: 'globex', createdBy: 'gina', members: ['hank'] },
} as const satisfies Record<string, DemoTeam>;

export type TeamKey = keyof typeof TEAMS;

/** The email of a person, which is also who their token names. */
export function demoEmail(person: PersonKey): string {
  return `${person}@${PEOPLE[person].organization}.example`;
}

/** With whom to begin: what each of them sees is another world. */
export const FIRST_PEOPLE: readonly PersonKey[] = ['mia', 'fiona', 'alice', 'pia', 'thor', 'odin'];

/** Everybody in the demo world, for a table of whom to sign in as. */
export const demoPeople: readonly {
  readonly email: string;
  readonly name: string;
  readonly what: string;
}[] = (Object.keys(PEOPLE) as PersonKey[]).map((person) => ({
  email: demoEmail(person),
  name: PEOPLE[person].name,
  what: PEOPLE[person].what,
}));
