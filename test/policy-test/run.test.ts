import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPolicyFile } from '../../src/command/policy-test/policy-file.js';
import { AskError, FileError } from '../../src/command/policy-test/problem.js';
import { onOwnGateway, onRunningGateway } from '../../src/command/policy-test/run.js';
import { freshDatabase } from '../support/database.js';
import { policyWorld } from './running.js';

const WORLD = `
world:
  organizations: { acme: Acme, globex: Globex }
  scopeTypes:
    Vault: { mode: DEFINE, in: [Tenant] }
    Site: { mode: MERGE, in: [Tenant, Vault] }
  scopes:
    room: { type: Site, in: vault }
    vault: { type: Vault, in: acme }
    site: { type: Site, in: acme, meta: { region: eu } }
  roles:
    editors:
      at: acme
      dataAccess: ALL_DATA
      permits:
        - form:read
        - form:update
        - document:write:plans/*
        - { permission: form:delete, when: { "==": [{ var: scope.meta.region }, eu] } }
    authors: { at: acme, dataAccess: OWN_DATA, permits: [config:read] }
    readers: { at: site, dataAccess: TEAM_DATA, permits: [form:read] }
  people:
    olga: { in: acme, holds: [Owner at acme] }
    joe: { in: acme, holds: [editors at site] }
    ann: { in: acme, holds: [authors at acme] }
    ben: { in: acme }
    ida: { in: acme, inactive: true, holds: [Owner at acme] }
    adam: { in: globex, platformAdmin: true }
    gina: { in: globex, holds: [Owner at globex] }
  teams:
    crew: { in: acme, createdBy: olga, members: [ben], holds: [readers at site] }
  overrides:
    - { at: room, role: editors, state: disabled }
    - { at: site, role: readers, permission: form:read, state: disabled }
  resources:
    form:
      - { name: Order, at: site, access: ROLE_BASED, roles: [readers] }
      - { name: Order, at: room, access: ROLE_BASED }
      - { name: Look at me, at: site, inactive: true }
    config:
      - { name: colour, at: acme, owner: ann }
      - { name: size, at: acme, owner: joe, createdBy: olga, team: crew }
services: { document: [read, write] }
`;

const TRUE = `
expect:
  - who: [olga, joe]
    can: [update form Order at site, delete form Order at site]
  - who: joe
    can: [write document plans/roof at site]
    cannot: [write document plan at site, write document plans/roof at acme, create form at site]
  - who: [olga, joe, gina, ida]
    cannot: [read form Order at room, update form Order at room, create form at room]
    because: nothing reaches behind the wall
  - who: ann
    can: [read config colour]
    cannot: [read config size, update config colour]
  - who: ben
    can: [use form Order at site]
    cannot: [update form Order at site, use form "Look at me"]
  - who: adam
    can: [update form Order at room]
  - who: gina
    can: [read user gina, update organization globex]
    cannot: [read user olga, read organization acme]
  - who: ida
    cannot: [read organization acme]
`;

describe('a world of a file’s own', () => {
  let database: Awaited<ReturnType<typeof freshDatabase>>;
  let own: Awaited<ReturnType<typeof onOwnGateway>>;

  beforeAll(async () => {
    database = await freshDatabase();
    own = await onOwnGateway(database, []);
  });

  afterAll(async () => {
    await own.close();
    await database.close();
  });

  const run = async (text: string) => own.run({ path: 'a.yaml', file: readPolicyFile(text) });

  it('is planted, and what is true of it holds', async () => {
    const { expectations, failures } = await run(WORLD + TRUE);
    expect(failures.map((lines) => lines.join('\n'))).toEqual([]);
    expect(expectations).toBe(32);
  });

  it('fails where what is expected is not so: the opposite of all that is true', async () => {
    const opposite = TRUE.replaceAll('cannot:', 'CAN:').replaceAll('can:', 'cannot:');
    const { expectations, failures } = await run(WORLD + opposite.replaceAll('CAN:', 'can:'));
    expect(failures).toHaveLength(expectations);
  });

  it('says of what fails which rules decided, what is held and what would permit it', async () => {
    const text = `expect:
  - who: joe
    can: [share form Order at site]
    because: editors do everything
`;
    const { failures } = await run(WORLD + text);
    const [lines = []] = failures;
    const line = WORLD.split('\n').length + 2;
    expect(lines.slice(0, 3)).toEqual([
      `a.yaml:${line}: joe can share form Order at site`,
      expect.stringMatching(/^ {2}expected YES, is NO: holds no such grant/),
      '  the file says why: editors do everything',
    ]);
    expect(lines.join('\n')).toMatch(/the rules that decided:\n +\[yes\] tenancy/);
    expect(lines).toContain('  holds no permission form:share that counts there');
    expect(lines.join('\n')).toMatch(/permitted by one of:\n +assigning the role Admin at site/);
  });

  it('says through what somebody can do what they should not', async () => {
    const text = `expect:
  - who: joe
    cannot: [update form Order at site, write document plans/x at site]
`;
    const { failures } = await run(WORLD + text);
    const held = (permission: string) =>
      `    ${permission} (ALL_DATA) through the role editors at site`;
    expect(failures[0]).toContain(held('form:update:*'));
    expect(failures[1]).toContain(held('document:write:plans/*'));
  });

  it('holds of nobody what cannot be told', async () => {
    const text = `expect:
  - who: ann
    can: [read config at acme]
    cannot: [read config at acme]
`;
    const { failures } = await run(WORLD + text);
    expect(failures.map(([, is]) => is?.split(':')[0])).toEqual([
      '  expected YES, is UNKNOWN',
      '  expected NO, is UNKNOWN',
    ]);
  });

  it.each([
    ['read form Ordre', 'there is no form called Ordre'],
    [
      'read form Order',
      'there are several of the type form called Order, at site, room: say which',
    ],
    ['read form Order at nowhere', 'there is no place nowhere'],
    ['write document x at site owned by eve', 'there is nobody called eve'],
  ])('is refused where a sentence names what is not there: %s', async (sentence, said) => {
    const text = `expect:\n  - who: joe\n    cannot: [${sentence}]\n`;
    const error = await run(WORLD + text).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(FileError);
    expect((error as FileError).message).toContain(said);
  });
});

describe('a running gateway', () => {
  const { shared, tokenOf, fileOf } = policyWorld();

  type Person = 'olga' | 'joe' | 'tom';

  /** Runs expectations with the tokens of these people, or what stands for them. */
  async function run(
    expectations: string,
    tokens: (person: Person) => Promise<string | null>,
    more = '',
  ) {
    const ask = onRunningGateway(`${shared.url}/graphql`, (person) => tokens(person as Person));
    return ask({ path: 'running.yaml', file: readPolicyFile(fileOf(expectations, more)) });
  }
  const without = (nobody: Person) => async (person: Person) =>
    person === nobody ? null : tokenOf(shared.w[person].email);

  it('is asked: each by their own token, and its asker about others', async () => {
    const expectations = `
  - who: joe
    can: [update form Order at site, create form at site, read user joe]
    cannot: [share form Order at site]
  - who: tom
    cannot: [read form Order at site]
`;
    const { failures, ...ran } = await run(expectations, without('tom'));
    expect([ran.expectations, failures.map(([first]) => first)]).toEqual([
      5,
      [expect.stringContaining('joe can read user joe')],
    ]);
  });

  it('is asked by ids as well', async () => {
    const { order } = shared.w;
    const can = `  - who: joe\n    can: [update form ${order.id}]\n`;
    expect((await run(can, without('tom'))).failures).toEqual([]);
    const agent = `  - who: joe\n    cannot: [update agent ${order.id}]\n`;
    await expect(run(agent, without('tom'))).rejects.toThrow('there is no agent called');
  });

  it.each<[what: string, cannot: string, token: string | null, said: string]>([
    ['a token that is refused', 'read form Order at site', 'no token', 'refuses the token of joe'],
    [
      'a token of somebody else',
      'share form Order at site',
      'tom',
      'the token of joe is that of tom-',
    ],
    [
      'a resource that is not there',
      'read form Ordre at site',
      'joe',
      'there is no form called Ordre at site',
    ],
  ])('says nothing of %s: nothing would be permitted', async (_, cannot, token, said) => {
    const answer = run(`  - who: joe\n    cannot: [${cannot}]\n`, async (person) =>
      person !== 'joe'
        ? tokenOf(shared.w[person].email)
        : token === 'joe' || token === 'tom'
          ? tokenOf(shared.w[token].email)
          : token,
    );
    await expect(answer).rejects.toThrow(said);
  });

  it('D18: takes a token that is refused for that of who is said to be inactive alone', async () => {
    const { client } = shared.world;
    const { id } = await client.user.create({
      data: {
        name: 'ida',
        email: 'ida@example.com',
        organizationId: shared.w.a.id,
        isActive: false,
      },
    });
    const cannot = '  - who: ida\n    cannot: [read form Order at site]\n';
    const tokens = async (person: string) =>
      tokenOf(person === 'ida' ? 'ida@example.com' : shared.w.olga.email);
    const inactive = ', ida: { email: ida@example.com, inactive: true }';
    const ask = (more: string) =>
      onRunningGateway(
        `${shared.url}/graphql`,
        tokens,
      )({ path: 'a', file: readPolicyFile(fileOf(cannot, more)) });
    expect((await ask(inactive)).failures).toEqual([]);
    await expect(ask(', ida: ida@example.com')).rejects.toThrow('refuses the token of ida');
    await client.user.delete({ where: { id } });
  });

  it('says nothing where nobody can say what is there', async () => {
    const cannot = '  - who: joe\n    cannot: [read form Order at site]\n';
    await expect(run(cannot, without('olga'))).rejects.toThrow('there is no token of olga');
    await expect(run(cannot, without('tom'), ', eve: eve@example.com')).rejects.toThrow(
      'olga finds no user eve@example.com',
    );
  });

  it('is no place for a world of a file’s own, and nothing else is one for it', async () => {
    const file = readPolicyFile(WORLD + TRUE);
    const ask = onRunningGateway(`${shared.url}/graphql`, async () => null);
    await expect(ask({ path: 'a.yaml', file })).rejects.toThrow(AskError);
  });
});
