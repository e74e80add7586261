import { describe, expect, it } from 'vitest';
import { gatewayWith } from '../support/gateway.js';
import { type Identified, type Person, SYSTEM, type World } from '../support/world.js';

// The published interop scenarios of AuthZEN (openid/authzen, folder `interop`), with all of their expected decisions.

const shared = gatewayWith(async (world) => ({
  todo: await plantTodo(world),
  search: await plantSearch(world),
}));

/** Who enforces is no user, and so is on no list of who may. */
async function enforcing(world: World, at: Parameters<World['key']>[0], rows: string) {
  const operations = ['permission:inspect', 'user:read', `${rows}:read`];
  const key = await world.key(at, 'API_KEY', { operations });
  await world.hold({ apiKey: key }, SYSTEM.Owner, at);
  return key.value;
}

async function ask(key: string, path: string, body: object) {
  const response = await fetch(`${shared.url}/access/v1/${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-request-id': 'bfe9eb29',
      authorization: `Bearer ${key}`,
    },
    body: JSON.stringify(body),
  });
  expect(response.headers.get('x-request-id')).toBe('bfe9eb29');
  expect(response.headers.get('cache-control')).toBe('no-store');
  return { status: response.status, body: await response.json() };
}

const user = ({ email }: Person) => ({ type: 'user', id: email });

const SMITHS = ['rick', 'morty', 'summer', 'beth', 'jerry'] as const;
type Smith = (typeof SMITHS)[number];

/** What is held as roles: who reads the todos reads users as well. */
async function plantTodo(world: World) {
  const citadel = await world.organization('Citadel');
  const reads = ['user:read', 'todo:can_read_todos'];
  const owned = ['todo:can_update_todo:owned', 'todo:can_delete_todo:owned'];
  const edits = [...reads, 'todo:can_create_todo', ...owned];
  const viewer = await world.role(citadel, reads);
  const editor = await world.role(citadel, edits);
  const admin = await world.role(citadel, [...edits, 'todo:can_delete_todo']);
  const evilGenius = await world.role(citadel, [...edits, 'todo:can_update_todo']);
  const person = async (name: string, ...roles: Identified[]) => {
    const somebody = await world.user(citadel, name);
    for (const role of roles) await world.hold(somebody, role, citadel);
    return somebody;
  };
  const people: Record<Smith, Person> = {
    rick: await person('Rick Sanchez', admin, evilGenius),
    morty: await person('Morty Smith', editor),
    summer: await person('Summer Smith', editor),
    beth: await person('Beth Smith', viewer),
    jerry: await person('Jerry Smith', viewer),
  };
  return { people, key: await enforcing(world, citadel, 'form') };
}

/** A todo of somebody, as those who enforce say it: its owner is theirs to tell. */
const todoOf = (owner: Smith) => ({
  type: 'todo',
  id: `7240d0db-8ff0-41ec-98b2-34a096273b9${SMITHS.indexOf(owner)}`,
  properties: { ownerID: shared.w.todo.people[owner].email },
});

/**
 * Of each: Beth and oneself as users, the list of todos, a new todo; then a todo of Rick's and another one's (one's own; of Rick
 * Morty's) to change, and both to delete.
 */
const TODO: readonly [Smith, other: Smith, readonly (0 | 1)[]][] = [
  ['rick', 'morty', [1, 1, 1, 1, 1, 1, 1, 1]],
  ['morty', 'morty', [1, 1, 1, 1, 0, 1, 0, 1]],
  ['summer', 'summer', [1, 1, 1, 1, 0, 1, 0, 1]],
  ['beth', 'beth', [1, 1, 1, 0, 0, 0, 0, 0]],
  ['jerry', 'jerry', [1, 1, 1, 0, 0, 0, 0, 0]],
];

describe('AuthZEN interop: the "Todo" scenario', () => {
  it.each(TODO)('decides all about %s', async (who, other, expected) => {
    const { people, key } = shared.w.todo;
    // Users are the gateway's own: `can_read_user` is `read` here, and a resource's id its id.
    const aUser = (of: Smith) => ['read', { type: 'user', id: people[of].id }] as const;
    const all = { type: 'todo', id: 'todo-1' };
    const asked: (readonly [string, object])[] = [
      aUser('beth'),
      aUser(who),
      ['can_read_todos', all],
      ['can_create_todo', all],
      ['can_update_todo', todoOf('rick')],
      ['can_update_todo', todoOf(other)],
      ['can_delete_todo', todoOf('rick')],
      ['can_delete_todo', todoOf(other)],
    ];
    const decided = [];
    for (const [name, resource] of asked) {
      const evaluation = { subject: user(people[who]), action: { name }, resource };
      const { status, body } = await ask(key, 'evaluation', evaluation);
      decided.push(status === 200 ? Number(body.decision) : status);
    }
    expect(decided).toEqual(expected);
  });

  it.each<[Smith, Smith[], boolean[]]>([
    ['rick', ['rick', 'jerry'], [true, true]],
    ['morty', ['rick', 'morty'], [false, true]],
    ['jerry', ['rick', 'jerry'], [false, false]],
  ])('decides in one request what %s may change', async (who, owners, expected) => {
    const { people, key } = shared.w.todo;
    const { body } = await ask(key, 'evaluations', {
      subject: user(people[who]),
      action: { name: 'can_update_todo' },
      evaluations: owners.map((owner) => ({ resource: todoOf(owner) })),
    });
    expect(body.evaluations.map(({ decision }: { decision: boolean }) => decision)).toEqual(
      expected,
    );
  });
});

const STAFF = {
  alice: ['manager', 'Sales'],
  bob: ['employee', 'Legal'],
  carol: ['contractor', 'Legal'],
  dan: ['manager', 'Finance'],
  erin: ['employee', 'Finance'],
  felix: ['contractor', 'Accounting'],
} as const;
type Staff = keyof typeof STAFF;
const NAMES = Object.keys(STAFF) as Staff[];

/** The departments of the records 101 to 120; their owners follow each other, Alice to Felix, again and again. */
const DEPARTMENTS = [
  ...['Legal', 'Legal', 'Legal', 'Accounting', 'Legal', 'Accounting', 'Sales', 'Legal'],
  ...['Accounting', 'Sales', 'Accounting', 'Legal', 'Sales', 'Accounting', 'Finance', 'Legal'],
  ...['Legal', 'Accounting', 'Legal', 'Accounting'],
];

/** What the scenario's actions are here. */
const ACTIONS = { view: 'read', edit: 'update', delete: 'delete' } as const;

/** Records are rows of the gateway: forms that are open to nobody, each in the scope of its department. */
async function plantSearch(world: World) {
  const firm = await world.organization('Firm');
  const scopes = new Map<string, Awaited<ReturnType<World['scope']>>>();
  for (const name of ['Sales', 'Legal', 'Finance', 'Accounting']) {
    scopes.set(name, await world.scope(firm, name, 'Workspace'));
  }
  const scopeOf = (department: string) => scopes.get(department) ?? firm;
  const own = Object.values(ACTIONS).map((action) => `form:${action}:owned`);
  const everybody = await world.role(firm, own);
  const colleague = await world.role(firm, ['form:read']);
  const head = await world.role(firm, ['form:update']);
  const people = {} as Record<Staff, Person>;
  for (const name of NAMES) {
    const [position, department] = STAFF[name];
    people[name] = await world.user(firm, name);
    await world.hold(people[name], everybody, firm);
    // A manager views all, and edits in the department.
    const isManager = position === 'manager';
    await world.hold(people[name], colleague, isManager ? firm : scopeOf(department));
    if (isManager) await world.hold(people[name], head, scopeOf(department));
  }
  const records = new Map<string, string>();
  for (const [index, department] of DEPARTMENTS.entries()) {
    const owner = people[NAMES[index % NAMES.length] as Staff];
    const number = String(101 + index);
    const closed = { access: 'ROLE_BASED', owner };
    records.set(number, (await world.row('form', scopeOf(department), number, closed)).id);
  }
  return { people, records, key: await enforcing(world, firm, 'form') };
}

/** Which records each may view, edit and delete: the published lists of resources. Those of subjects and of actions are this one. */
const SEARCH: Record<Staff, Record<keyof typeof ACTIONS, string>> = {
  alice: {
    view: '101 102 103 104 105 106 107 108 109 110 111 112 113 114 115 116 117 118 119 120',
    edit: '101 107 110 113 119',
    delete: '101 107 113 119',
  },
  bob: {
    view: '101 102 103 105 108 112 114 116 117 119 120',
    edit: '102 108 114 120',
    delete: '102 108 114 120',
  },
  carol: {
    view: '101 102 103 105 108 109 112 115 116 117 119',
    edit: '103 109 115',
    delete: '103 109 115',
  },
  dan: {
    view: '101 102 103 104 105 106 107 108 109 110 111 112 113 114 115 116 117 118 119 120',
    edit: '104 110 115 116',
    delete: '104 110 116',
  },
  erin: { view: '105 111 115 117', edit: '105 111 117', delete: '105 111 117' },
  felix: {
    view: '104 106 109 111 112 114 118 120',
    edit: '106 112 118',
    delete: '106 112 118',
  },
};
const VERBS = Object.keys(ACTIONS) as (keyof typeof ACTIONS)[];
const may = (who: Staff, verb: keyof typeof ACTIONS, record: string) =>
  SEARCH[who][verb].split(' ').includes(record);

describe('AuthZEN interop: the "Search" scenario', () => {
  const sorted = <T>(values: readonly T[]) => [...values].sort();
  const ids = (body: { results: { id: string }[] }) => sorted(body.results.map(({ id }) => id));

  it.each(VERBS)('finds who may %s each record', async (verb) => {
    const { people, records, key } = shared.w.search;
    for (const [number, id] of records) {
      const { body } = await ask(key, 'search/subject', {
        ...{ subject: { type: 'user' }, action: { name: ACTIONS[verb] } },
        resource: { type: 'form', id },
      });
      const expected = NAMES.filter((who) => may(who, verb, number)).map((who) => people[who].id);
      expect(ids(body), number).toEqual(sorted(expected));
    }
  });

  it.each(NAMES)('finds what %s may view, edit and delete', async (who) => {
    const { people, records, key } = shared.w.search;
    for (const verb of VERBS) {
      const { body } = await ask(key, 'search/resource', {
        ...{ subject: user(people[who]), action: { name: ACTIONS[verb] } },
        resource: { type: 'form' },
      });
      const expected = SEARCH[who][verb].split(' ').map((number) => String(records.get(number)));
      expect(ids(body), verb).toEqual(sorted(expected));
    }
  });

  it.each(NAMES)('finds what %s may do with each record', async (who) => {
    const { people, records, key } = shared.w.search;
    for (const [number, id] of records) {
      const { body } = await ask(key, 'search/action', {
        subject: user(people[who]),
        resource: { type: 'form', id },
      });
      const expected = VERBS.filter((verb) => may(who, verb, number)).map((verb) => ACTIONS[verb]);
      const found = body.results.map(({ name }: { name: string }) => name);
      expect(sorted(found), number).toEqual(sorted(expected));
    }
  });
});
