import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/limits/limits.js';
import { namesOf, nodesOf } from '../support/answers.js';
import { gatewayWith } from '../support/gateway.js';
import { type Identified, PLATFORM, type RowKind } from '../support/world.js';

const KINDS: readonly RowKind[] = ['form', 'workflow', 'agent', 'app', 'config'];
const PERMITS = KINDS.map((kind) => `${kind}:read`);

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const project = await world.scope(a, 'project');
  const me = await world.user(a, 'me');
  const mate = await world.user(a, 'mate');
  const stranger = await world.user(a, 'stranger');
  const crew = await world.team(a, stranger, [me, mate]);
  const others = await world.team(a, stranger, [stranger]);
  const rows: readonly [string, object][] = [
    ['created by me', { by: me, owner: stranger }],
    ['owned by me', { by: stranger, owner: me }],
    ['created by a mate', { by: mate, owner: stranger }],
    ['owned by a mate', { by: stranger, owner: mate }],
    ['of my team', { team: crew }],
    ["a stranger's of my team", { by: stranger, team: crew }],
    ["a stranger's", { by: stranger, owner: stranger }],
    ['of another team', { team: others }],
    ['of nobody', {}],
  ];
  for (const kind of KINDS) {
    const closed = kind === 'config' ? {} : { access: 'ROLE_BASED' };
    for (const [name, options] of rows) await world.row(kind, a, name, { ...options, ...closed });
    await world.row(kind, project, 'in the project', { by: stranger, ...closed });
    await world.row(kind, a, 'special/one', { by: stranger, ...closed });
    await world.row(kind, PLATFORM, 'global', { by: stranger, ...closed });
  }
  return { ...{ a, project, me, mate, stranger, crew, others } };
});
const { ask } = shared;

type Reach = 'OWN_DATA' | 'TEAM_DATA' | 'ALL_DATA';

/** Lets `me` hold just these roles while `work` runs. */
async function holding(
  roles: readonly (readonly [
    permits: readonly string[],
    dataAccess: string,
    at?: 'a' | 'project',
  ])[],
  work: () => Promise<void>,
) {
  const { world, w } = shared;
  const made: Identified[] = [];
  for (const [permits, dataAccess, at = 'a'] of roles) {
    const role = await world.role(w[at], permits, { dataAccess: dataAccess as Reach });
    await world.hold(w.me, role, w[at]);
    made.push(role);
  }
  await work();
  await world.client.role.deleteMany({ where: { id: { in: made.map(({ id }) => id) } } });
}

async function mine(kind: RowKind): Promise<string[]> {
  const name = kind === 'config' ? 'key' : 'name';
  const source = `{ list: ${kind}s(first: 200) { totalCount edges { node { ${name} } } } }`;
  const { data } = await ask(shared.w.me.email, source);
  const names = namesOf(data.list);
  expect(data.list.totalCount).toBe(names.length);
  return names;
}

const OWN = ['created by me', 'owned by me'];
const TEAM = ["a stranger's of my team", 'created by a mate', 'of my team', 'owned by a mate'];
const REST = ["a stranger's", 'in the project', 'of another team', 'special/one'];
const NOBODYS = ['of nobody'];
const sorted = (...names: string[][]) => names.flat().sort();
/** A read grant at the root reads global configs, which are outside of reach (D8). */
const globals = (kind: RowKind) => (kind === 'config' ? ['global'] : []);

describe.each(KINDS)('D7: a role that reads %ss', (kind) => {
  it('OWN_DATA: what the user created or owns, and what is of nobody', async () => {
    await holding([[PERMITS, 'OWN_DATA']], async () => {
      expect(await mine(kind)).toEqual(sorted(OWN, NOBODYS, globals(kind)));
    });
  });

  it("TEAM_DATA: also the teammates' and the teams'", async () => {
    await holding([[PERMITS, 'TEAM_DATA']], async () => {
      expect(await mine(kind)).toEqual(sorted(OWN, TEAM, NOBODYS, globals(kind)));
    });
  });

  it('ALL_DATA: everything', async () => {
    await holding([[PERMITS, 'ALL_DATA']], async () => {
      expect(await mine(kind)).toEqual(sorted(OWN, TEAM, REST, NOBODYS, globals(kind)));
    });
  });

  it('of an unknown reach: nothing', async () => {
    await holding([[PERMITS, 'EVERYTHING']], async () => expect(await mine(kind)).toEqual([]));
  });

  it('without a grant nothing is managed, not even what the user created', async () => {
    expect(await mine(kind)).toEqual([]);
  });

  it('the permission of one role never goes with the reach of another', async () => {
    // By pattern: all of special/*, and otherwise one's own.
    const special: [string[], string] = [[`${kind}:read:special/*`], 'ALL_DATA'];
    await holding([special, [[`${kind}:read`], 'OWN_DATA']], async () => {
      expect(await mine(kind)).toEqual(sorted(OWN, NOBODYS, ['special/one'], globals(kind)));
    });
    // By action: what may be updated is not thereby read.
    await holding(
      [
        [[`${kind}:update`], 'ALL_DATA'],
        [[`${kind}:read`], 'OWN_DATA'],
      ],
      async () => {
        expect(await mine(kind)).toEqual(sorted(OWN, NOBODYS, globals(kind)));
      },
    );
    // By place: all in the project, and otherwise one's own.
    const inProject = [[`${kind}:read`], 'ALL_DATA', 'project'] as const;
    await holding([inProject, [[`${kind}:read`], 'OWN_DATA']], async () => {
      expect(await mine(kind)).toEqual(sorted(OWN, NOBODYS, ['in the project'], globals(kind)));
    });
  });
});

describe('D7: a team of more members than a request carries', () => {
  it('opens the same rows, and what may be managed is decided the same', async () => {
    const { world, w } = shared;
    const data = Array.from({ length: DEFAULT_LIMITS.teamMembers }, () => {
      const id = randomUUID();
      return { id, email: `${id}@crew.example`, name: 'member', organizationId: w.a.id };
    });
    await world.client.user.createMany({ data });
    await world.client.teamMember.createMany({
      data: data.map(({ id }) => ({ teamId: w.crew.id, userId: id })),
    });
    await holding([[PERMITS, 'TEAM_DATA']], async () => {
      for (const kind of KINDS) {
        expect(await mine(kind)).toEqual(sorted(OWN, TEAM, NOBODYS, globals(kind)));
      }
      const open = await world.row('form', w.a, 'open', { by: w.stranger });
      const answer = await ask(
        w.me.email,
        '{ forms(where: { name: { in: ["created by a mate", "open"] } }) { edges { node { name accessLevel } } } }',
      );
      expect(nodesOf(answer.data.forms)).toEqual([
        { name: 'created by a mate', accessLevel: 'ROLE_BASED' },
        { name: 'open', accessLevel: null },
      ]);
      expect([answer.errors, answer.withheld]).toEqual([[], ['Form.accessLevel']]);
      await world.client.form.delete({ where: { id: open.id } });
    });
    await world.client.user.deleteMany({ where: { id: { in: data.map(({ id }) => id) } } });
  });
});

describe('D7: teams and users', () => {
  const source = '{ teams { edges { node { id } } } users { edges { node { name } } } }';
  const permits = ['team:read', 'user:read'];
  const seen = async () => {
    const { data } = await ask(shared.w.me.email, source);
    const ids = data.teams.edges.map(({ node }: { node: Identified }) => node.id);
    const { crew, others } = shared.w;
    return {
      teams: [
        ...(ids.includes(crew.id) ? ['crew'] : []),
        ...(ids.includes(others.id) ? ['others'] : []),
      ],
      users: namesOf(data.users),
    };
  };

  it('OWN_DATA: the teams one is in or made, and oneself', async () => {
    await holding([[permits, 'OWN_DATA']], async () => {
      expect(await seen()).toEqual({ teams: ['crew'], users: ['me'] });
    });
  });

  it('TEAM_DATA: also the teams that teammates made, and the teammates', async () => {
    const { world, w } = shared;
    await holding([[permits, 'TEAM_DATA']], async () => {
      expect(await seen()).toEqual({ teams: ['crew'], users: ['mate', 'me'] });
      const made = await world.team(w.a, w.mate, []);
      const { data } = await ask(w.me.email, source);
      expect(data.teams.edges).toContainEqual({ node: { id: made.id } });
      await world.client.team.delete({ where: { id: made.id } });
    });
  });

  it('ALL_DATA: all of them; without a grant, none', async () => {
    await holding([[permits, 'ALL_DATA']], async () => {
      expect(await seen()).toEqual({
        teams: ['crew', 'others'],
        users: ['mate', 'me', 'stranger'],
      });
    });
    expect(await seen()).toEqual({ teams: [], users: [] });
  });
});
