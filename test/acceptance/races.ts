import { randomUUID } from 'node:crypto';
import type { Answer, Shared } from '../support/gateway.js';
import { type Identified, type Person, type Spot, SYSTEM, type World } from '../support/world.js';

/** So many write at once. */
const WRITERS = 6;

/** Who races, and about what. */
export interface RaceWorld {
  readonly a: Spot;
  readonly boss: Person;
  readonly chief: Person;
  /** Writes by what the team holds. */
  readonly member: Person;
  /** Makes keys, and revokes them. */
  readonly keeper: Person;
  readonly team: Identified;
  readonly roles: readonly Identified[];
}

export async function plantRaces(world: World): Promise<RaceWorld> {
  const a = await world.organization('A');
  const forms = ['read', 'create', 'update', 'share'].map((action) => `form:${action}`);
  const people = ['user', 'team'].flatMap((type) => [`${type}:read`, `${type}:update`]);
  const configs = ['read', 'create', 'update'].map((action) => `config:${action}`);
  const boss = await world.manager(a, [...forms, ...configs, 'role:read']);
  const chief = await world.manager(a, [...people, ...forms]);
  const member = await world.user(a, 'member');
  const keys = ['read', 'create', 'revoke'].map((action) => `apiKey:${action}`);
  const keeper = await world.manager(a, [...forms, ...keys]);
  const team = await world.team(a, chief, [member]);
  await world.hold({ team }, await world.role(a, ['form:create']), a);
  await world.hold(member, SYSTEM.Viewer, a);
  const roles = [await world.role(a), await world.role(a), await world.role(a)];
  await watchCommits(world);
  return { a, boss, chief, member, keeper, team, roles };
}

/**
 * Notes at each COMMIT that made a form, as of that very moment, whether who made it still could: the database's
 * own eyes, which no lock of the gateway's reaches.
 */
async function watchCommits({ client }: World): Promise<void> {
  for (const sql of [
    'CREATE TABLE made_late (form_id uuid)',
    `CREATE FUNCTION note_late() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NOT EXISTS (SELECT FROM "user" u WHERE u.id = NEW.created_by_id AND u.is_active)
        OR NEW.name LIKE 'by team %' AND NOT EXISTS (SELECT FROM team_member WHERE user_id = NEW.created_by_id)
        OR NEW.name LIKE 'by key %' AND NOT EXISTS (
          SELECT FROM api_key WHERE id::text = split_part(NEW.name, ' ', 3) AND revoked_at IS NULL)
      THEN INSERT INTO made_late VALUES (NEW.id); END IF;
      RETURN NULL;
    END $$`,
    `CREATE CONSTRAINT TRIGGER made_late AFTER INSERT ON form DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW WHEN (NEW.created_by_id IS NOT NULL) EXECUTE FUNCTION note_late()`,
  ]) {
    await client.$executeRawUnsafe(sql);
  }
}

export type Race = keyof typeof RACES;

/** What is wrong with the outcome of a race; nothing, if it is as if they had come one after the other. */
type Complaint = string;

type Running = Pick<Shared<RaceWorld>, 'ask' | 'world' | 'w'>;

interface Won {
  readonly won: number;
  readonly lost: number;
  readonly complaints: readonly Complaint[];
}

const UPDATE =
  'mutation ($input: UpdateFormInput!) { updateForm(input: $input) { form { id name version } } }';
const CREATE = 'mutation ($input: CreateFormInput!) { createForm(input: $input) { form { id } } }';
const SHARE =
  'mutation ($input: ShareFormInput!) { shareForm(input: $input) { form { version roles { id } } } }';

const SET =
  'mutation ($input: SetConfigInput!) { setConfig(input: $input) { config { id value version } } }';

/** The races, each of them once. */
export const RACES = {
  async 'one key'(running: Running): Promise<Won> {
    const { ask, world, w } = running;
    const key = randomUUID();
    const answers = await Promise.all(
      times((n) => ask(w.boss.email, SET, { input: { key, type: 'STRING', value: `${n}` } })),
    );
    const { done, refused } = split(answers);
    const configs = await world.client.config.findMany({ where: { key } });
    const ids = configs.map(idOf);
    return outcome(done, refused, [
      refused.length > 0 && `${refused.length} were refused: ${refused[0]?.message}`,
      configs.length !== 1 && `there are ${configs.length} configs of one key`,
      configs[0]?.version !== done.length && `${done.length} set it, and it is another version`,
      ...(await recordedOnce(running, ids, 'config:create', 1)),
      ...(await recordedOnce(running, ids, 'config:update', done.length - 1)),
    ]);
  },

  async 'one name'(running: Running): Promise<Won> {
    const { ask, world, w } = running;
    const name = randomUUID();
    const answers = await Promise.all(times(() => ask(w.boss.email, CREATE, { input: { name } })));
    const { done, refused } = split(answers);
    const forms = await world.client.form.findMany({ where: { name } });
    return outcome(done, refused, [
      done.length !== 1 && `${done.length} made a form of one name`,
      forms.length !== 1 && `there are ${forms.length} forms of one name`,
      ...othersThan(refused, 'CONFLICT'),
      ...(await recordedOnce(
        running,
        forms.map(({ id }) => id),
        'form:create',
        done.length,
      )),
    ]);
  },

  async 'one version'(running: Running): Promise<Won> {
    const { ask, world, w } = running;
    const { id } = await world.row('form', w.a, randomUUID());
    const names = times(() => randomUUID());
    const answers = await Promise.all(
      names.map((name) => ask(w.boss.email, UPDATE, { input: { id, version: 1, name } })),
    );
    const { done, refused } = split(answers);
    const form = await world.client.form.findUniqueOrThrow({ where: { id } });
    return outcome(done, refused, [
      done.length !== 1 && `${done.length} changed one version`,
      form.version !== 2 && `its version is ${form.version}`,
      form.name !== done[0]?.updateForm.form.name && 'it is not as the winner left it',
      ...othersThan(refused, 'CONFLICT'),
      !refused.every(({ message }) => message.endsWith('its version is 2')) &&
        'the current version is not named',
      ...(await recordedOnce(running, [id], 'form:update', 1)),
    ]);
  },

  async 'any version'(running: Running): Promise<Won> {
    const { ask, world, w } = running;
    const { id } = await world.row('form', w.a, randomUUID());
    const answers = await Promise.all(
      times(() => ask(w.boss.email, UPDATE, { input: { id, name: randomUUID() } })),
    );
    const { done, refused } = split(answers);
    const form = await world.client.form.findUniqueOrThrow({ where: { id } });
    return outcome(done, refused, [
      refused.length > 0 && `${refused.length} were refused`,
      form.version !== 1 + done.length && `${done.length} changes, and version ${form.version}`,
      ...(await recordedOnce(running, [id], 'form:update', done.length)),
      ...(await chained(running, id)),
    ]);
  },

  async 'one binding'(running: Running): Promise<Won> {
    const { ask, world, w } = running;
    const { id } = await world.row('form', w.a, randomUUID());
    const wanted = times((n) => w.roles.filter((_, index) => (n + 1) & (1 << index)).map(idOf));
    const answers = await Promise.all(
      wanted.map((roles) =>
        ask(w.boss.email, SHARE, { input: { id, accessLevel: 'ROLE_BASED', roles } }),
      ),
    );
    const { done, refused } = split(answers);
    const [form] = await world.client.form.findMany({ where: { id }, include: { roles: true } });
    const bound = form?.roles.map(({ roleId }) => roleId) ?? [];
    const isOneOf = wanted.some((roles) => same(roles, bound));
    return outcome(done, refused, [
      refused.length > 0 && `${refused.length} were refused`,
      !isOneOf && 'what is bound nobody has asked for',
      !same(form?.roleIds ?? [], bound) && 'what is kept of the binding is not the binding',
      form?.version !== 1 + done.length && `${done.length} changes, and version ${form?.version}`,
      ...(await recordedOnce(running, [id], 'form:share', done.length)),
    ]);
  },

  /** Taken out of the team by whose role they write. */
  'one leaves a team': (running: Running): Promise<Won> =>
    revoked(running, async ({ ask, w }) => {
      const { chief, member, team } = w;
      const input = { id: team.id, users: [member.id] };
      const leave =
        'mutation ($input: RemoveTeamMembersInput!) { removeTeamMembers(input: $input) { team { id } } }';
      return {
        ...{ prefix: 'by team', write: byMember(running) },
        revoke: () => ask(chief.email, leave, { input }),
        restore: () =>
          running.world.client.teamMember.create({
            data: { teamId: team.id, userId: member.id },
          }),
      };
    }),

  'one is deactivated': (running: Running): Promise<Won> =>
    revoked(running, async ({ ask, w }) => {
      const source =
        'mutation ($input: UpdateUserInput!) { updateUser(input: $input) { user { isActive } } }';
      const { id } = w.member;
      return {
        ...{ prefix: 'by user', write: byMember(running) },
        revoke: () => ask(w.chief.email, source, { input: { id, isActive: false } }),
        restore: () =>
          running.world.client.user.update({ where: { id }, data: { isActive: true } }),
      };
    }),

  'a key is revoked': (running: Running): Promise<Won> =>
    revoked(running, async ({ ask, w }) => {
      const { email } = w.keeper;
      const make =
        'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { key apiKey { id } } }';
      const end =
        'mutation ($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { apiKey { id } } }';
      const input = { name: randomUUID(), operations: ['form:create'] };
      const { data } = await ask(email, make, { input });
      const { key, apiKey } = data.createApiKey;
      return {
        prefix: `by key ${apiKey.id}`,
        write: (name) => ask(null, CREATE, { input: { name } }, { 'x-api-key': key }),
        revoke: () => ask(email, end, { input: { id: apiKey.id } }),
        restore: async () => {},
      };
    }),
} satisfies Record<string, (running: Running) => Promise<Won>>;

interface Revocation {
  /** What the names begin with of what is made meanwhile. */
  readonly prefix: string;
  /** Makes a form of a name, by what is taken away. */
  readonly write: (name: string) => Promise<Answer>;
  readonly revoke: () => Promise<Answer>;
  readonly restore: () => Promise<unknown>;
}

const byMember =
  ({ ask, w }: Running) =>
  (name: string): Promise<Answer> =>
    ask(w.member.email, CREATE, { input: { name } });

/** Somebody writes while the right to it is taken from them. */
async function revoked(
  running: Running,
  prepare: (running: Running) => Promise<Revocation>,
): Promise<Won> {
  const { world } = running;
  const { prefix, revoke, restore, ...by } = await prepare(running);
  const round = randomUUID();
  const write = (n: number) => by.write(`${prefix} ${round} ${n}`);
  const [revocation, ...answers] = await Promise.all([revoke(), ...times(write)]);
  const after = await write(WRITERS);
  await restore();
  const { done, refused } = split(answers);
  const forms = await world.client.form.findMany({
    where: { name: { startsWith: `${prefix} ${round} ` } },
  });
  const late = await world.client.$queryRawUnsafe<unknown[]>('DELETE FROM made_late RETURNING 1');
  const codes = refused.map(({ extensions }) => extensions.code);
  return outcome(done, refused, [
    revocation.errors.length > 0 && `the revocation was refused: ${revocation.errors[0]?.message}`,
    after.errors.length === 0 && 'who has no right any more has written',
    late.length > 0 && `${late.length} were made after the revocation`,
    forms.length !== done.length && `${done.length} were told that they made ${forms.length} forms`,
    !codes.every((code) => ['FORBIDDEN', 'UNAUTHENTICATED'].includes(code)) &&
      `refused with ${codes.join()}`,
    ...(await recordedOnce(running, forms.map(idOf), 'form:create', forms.length)),
  ]);
}

/** Each success is one entry, and nothing else is. */
async function recordedOnce(
  { world }: Running,
  ids: readonly string[],
  action: string,
  expected: number,
): Promise<(Complaint | false)[]> {
  const where = { resourceId: { in: [...ids] }, action, outcome: 'PERMITTED' };
  const entries = await world.client.auditEntry.count({ where });
  return [entries !== expected && `${expected} successes, and ${entries} entries`];
}

/** What was before each change is what was after the one before it. */
async function chained({ world }: Running, id: string): Promise<(Complaint | false)[]> {
  const entries = await world.client.auditEntry.findMany({ where: { resourceId: id } });
  const sides = entries.map(({ before, after }) => ({
    before: before as { version: number; name: string },
    after: after as { version: number; name: string },
  }));
  sides.sort((one, two) => one.after.version - two.after.version);
  const broken = sides.filter(({ before }, n) => n > 0 && before.name !== sides[n - 1]?.after.name);
  return [broken.length > 0 && `${broken.length} changes are of what was not there`];
}

const times = <T>(make: (n: number) => T): T[] =>
  Array.from({ length: WRITERS }, (_, n) => make(n));

const idOf = ({ id }: Identified): string => id;

const same = (one: readonly string[], other: readonly string[]): boolean =>
  [...one].sort().join() === [...other].sort().join();

/** Those that were answered, and why the others were not. */
function split(answers: readonly Answer[]) {
  return {
    done: answers.filter(({ errors }) => errors.length === 0).map(({ data }) => data),
    refused: answers.flatMap(({ errors }) => errors.slice(0, 1)),
  };
}

function othersThan(refused: readonly Answer['errors'][number][], code: string) {
  const others = refused.filter(({ extensions }) => extensions.code !== code);
  return [others.length > 0 && `refused with ${others.map((one) => one.extensions.code).join()}`];
}

function outcome(
  done: readonly unknown[],
  refused: readonly unknown[],
  found: readonly (Complaint | false)[],
): Won {
  const complaints = found.filter((one) => one !== false);
  return { won: done.length, lost: refused.length, complaints };
}
