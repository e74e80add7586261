import { describe, expect, it } from 'vitest';
import { gatewayWith } from '../support/gateway.js';
import { type Identified, type Person, PLATFORM, SYSTEM } from '../support/world.js';

const ABSENT = '01930000-0000-7000-8000-00000000dead';

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const b = await world.organization('B');
  const project = await world.scope(a, 'project');
  const wall = await world.scope(a, 'wall', await world.scopeType(a, 'DEFINE'));
  const owner = await world.user(a, 'owner');
  await world.hold(owner, SYSTEM.Owner, a);
  const admin = await world.user(a, 'admin');
  await world.hold(admin, SYSTEM.Admin, a);
  const viewer = await world.user(a, 'viewer');
  await world.hold(viewer, SYSTEM.Viewer, a);
  const joe = await world.user(a, 'joe');
  const editor = await world.role(project, ['form:read', 'form:update', 'form:create']);
  await world.hold(joe, editor, project);
  await world.hold(joe, await world.role(wall, ['form:create', 'form:update']), wall);
  const own = await world.manager(a, ['form:read', 'form:update', 'form:create'], {
    dataAccess: 'OWN_DATA',
  });
  const inspector = await world.manager(a, ['permission:inspect']);
  const partial = await world.manager(a, ['permission:inspect', 'user:read', 'form:read'], {
    dataAccess: 'OWN_DATA',
  });
  const writers = ['document:write:plans/*', 'document:read', 'document:write:owned'];
  const writer = await world.manager(a, writers, { at: project });
  const ownWriter = await world.manager(a, ['document:write'], { dataAccess: 'OWN_DATA' });
  const blind = await world.manager(a, ['form:update']);
  // Whoever asks about all of A, and behind the wall holds the same over what is theirs alone.
  const asks = ['permission:inspect', 'user:read', 'form:read'];
  const warden = await world.manager(a, asks);
  await world.hold(warden, await world.role(wall, asks, { dataAccess: 'OWN_DATA' }), wall);
  const provider = await world.organization('P', { isProvider: true });
  const staff = await world.user(provider, 'staff');
  await world.hold(staff, SYSTEM.Owner, provider);
  const posted = await world.user(provider, 'posted');
  await world.hold(posted, SYSTEM.Member, provider);
  await world.hold(posted, SYSTEM.Admin, a);
  const odin = await world.user(b, 'Odin', { isPlatformAdmin: true });
  const stranger = await world.user(b, 'stranger');
  const gone = await world.user(a, 'gone');
  await world.client.user.update({ where: { id: gone.id }, data: { isActive: false } });
  const closed = { access: 'ROLE_BASED' };
  const rows = {
    open: await world.row('form', a, 'open'),
    closed: await world.row('form', a, 'closed', closed),
    ours: await world.row('form', project, 'ours', closed),
    walled: await world.row('form', wall, 'walled', closed),
    walledOpen: await world.row('form', wall, 'walled and open'),
    mine: await world.row('form', a, 'mine', { ...closed, owner: own }),
    wardens: await world.row('form', wall, 'of the warden', { ...closed, owner: warden }),
    theirs: await world.row('form', b, 'theirs'),
    global: await world.row('form', PLATFORM, 'global'),
  };
  const people = {
    blind,
    warden,
    staff,
    posted,
    owner,
    admin,
    viewer,
    joe,
    own,
    inspector,
    partial,
    writer,
    ownWriter,
    odin,
  };
  return { a, b, project, wall, ...people, stranger, gone, rows };
});

type W = typeof shared.w;

const CHECK = /* GraphQL */ `
  query (
    $action: String!, $resourceType: String!, $resourceId: ID, $resourceName: String, $scope: ID
    $attributes: ResourceAttributes, $subject: SubjectInput
  ) {
    check(
      action: $action, resourceType: $resourceType, resourceId: $resourceId
      resourceName: $resourceName, scope: $scope, attributes: $attributes, subject: $subject
    ) { allowed answer reason callersWord }
  }
`;

async function check(who: Person, of: string, more: Record<string, unknown> = {}) {
  const [resourceType, action] = of.split(':');
  const { data, errors } = await shared.ask(who.email, CHECK, { resourceType, action, ...more });
  return errors[0]?.extensions.code ?? data.check;
}

const onForm = (who: Person, action: string, form: Identified, more = {}) =>
  check(who, `form:${action}`, { resourceId: form.id, ...more });

const YES = { allowed: true, answer: 'YES' };
const NO = { allowed: false, answer: 'NO' };
const UNKNOWN = { allowed: false, answer: 'UNKNOWN' };
const HIDDEN = { ...UNKNOWN, reason: 'you may not see this part', callersWord: [] };

describe('check on a row', () => {
  it('answers as the row does to who acts', async () => {
    const { joe, viewer, owner, rows } = shared.w;
    expect(await onForm(joe, 'update', rows.ours)).toMatchObject(YES);
    expect(await onForm(joe, 'delete', rows.ours)).toMatchObject(NO);
    expect(await onForm(viewer, 'read', rows.ours)).toMatchObject(YES);
    expect(await onForm(viewer, 'update', rows.ours)).toMatchObject(NO);
    expect(await onForm(owner, 'delete', rows.closed)).toMatchObject(YES);
    expect(await onForm(viewer, 'use', rows.open)).toMatchObject(YES);
    expect(await onForm(viewer, 'use', rows.closed)).toMatchObject(NO);
    expect(await onForm(owner, 'update', rows.global)).toMatchObject(NO);
  });

  it('D14: answers of a hidden row, of a row of others and of none the very same', async () => {
    const { joe, rows } = shared.w;
    const none = await onForm(joe, 'update', { id: ABSENT });
    expect(none).toEqual({
      ...NO,
      reason: 'there is no such resource that you may read',
      callersWord: [],
    });
    for (const form of [rows.closed, rows.theirs, { id: 'no id' }, { id: shared.w.a.id }]) {
      expect(await onForm(joe, 'update', form)).toEqual(none);
    }
    // Updating it is permitted there, and reading it is not: what cannot be found cannot be changed.
    expect(await onForm(joe, 'update', rows.walled)).toEqual(none);
  });

  it('D7: by whose the row is, and D12: by the flag', async () => {
    const { own, odin, rows } = shared.w;
    expect(await onForm(own, 'update', rows.mine)).toMatchObject(YES);
    expect(await onForm(own, 'update', rows.open)).toMatchObject(NO);
    const decision = await onForm(odin, 'delete', rows.mine);
    expect(decision).toMatchObject({ ...YES, reason: expect.stringContaining('D12') });
  });

  it('D15: gives no reason that tells what is for managers', async () => {
    const { viewer, joe, rows } = shared.w;
    expect((await onForm(viewer, 'use', rows.open)).reason).toContain('AUTHENTICATED');
    const { reason } = await onForm(joe, 'use', rows.open);
    expect(reason).not.toContain('AUTHENTICATED');
  });

  it('takes a resource type and an action that there are', async () => {
    const { joe, rows } = shared.w;
    expect(await onForm(joe, 'paint', rows.ours)).toBe('BAD_USER_INPUT');
    expect(await check(joe, '*:read', {})).toBe('BAD_USER_INPUT');
    expect(await check(joe, 'document:*', {})).toBe('BAD_USER_INPUT');
    const more = { attributes: { ownerId: joe.id } };
    expect(await onForm(joe, 'update', rows.ours, more)).toBe('BAD_USER_INPUT');
  });
});

describe('check without a row', () => {
  it('is about such a row at the scope', async () => {
    const { joe, own, viewer, project, a, wall } = shared.w;
    const create = (who: Person, scope?: string | null) => check(who, 'form:create', { scope });
    expect(await create(joe, project.id)).toMatchObject(YES);
    expect(await create(joe, a.id)).toMatchObject(NO);
    expect(await create(joe)).toMatchObject(NO);
    expect(await create(joe, wall.id)).toMatchObject(YES);
    expect(await create(viewer, project.id)).toMatchObject(NO);
    // Whoever makes a form owns it.
    expect(await create(own, a.id)).toMatchObject(YES);
    expect(await create(shared.w.owner, null)).toMatchObject(NO);
    expect(await create(shared.w.odin, null)).toMatchObject(YES);
    expect(await create(joe, shared.w.b.id)).toBe('SCOPE_FORBIDDEN');
    expect(await create(joe, ABSENT)).toBe('SCOPE_FORBIDDEN');
  });

  it('is unknown where it hangs on what nobody said, and taken from the caller where they do', async () => {
    const { own, a, joe } = shared.w;
    const update = (attributes?: object) => check(own, 'form:update', { scope: a.id, attributes });
    expect(await update()).toEqual({
      ...UNKNOWN,
      reason: expect.stringContaining('context is missing'),
      callersWord: [],
    });
    expect(await update({ ownerId: own.id })).toMatchObject({ ...YES, callersWord: ['ownerId'] });
    const others = { ownerId: joe.id, createdById: joe.id };
    expect(await update(others)).toMatchObject({
      ...NO,
      callersWord: ['createdById', 'ownerId'],
    });
  });

  it('viewer.can says the same in one word', async () => {
    const { joe, project } = shared.w;
    const source =
      'query ($in: ID) { viewer { yes: can(action: "create", resourceType: "form", scope: $in) no: can(action: "create", resourceType: "form") } }';
    const { data, errors } = await shared.ask(joe.email, source, { in: project.id });
    expect(errors).toEqual([]);
    expect(data.viewer).toEqual({ yes: true, no: false });
  });
});

describe('a type that only other services know', () => {
  const write = (who: Person, more: object) => check(who, 'document:write', { ...more });

  it('D10: is decided by the patterns that are held', async () => {
    const { writer, project, a } = shared.w;
    const at = { scope: project.id };
    expect(await write(writer, { ...at, resourceName: 'plans/roof' })).toMatchObject({
      ...YES,
      callersWord: ['resourceName'],
    });
    expect(await write(writer, { ...at, resourceId: 'plans/roof' })).toMatchObject(YES);
    expect(await write(writer, { ...at, resourceName: 'plans/roof', scope: a.id })).toMatchObject(
      NO,
    );
    const owned = { resourceName: 'bills/1', attributes: { ownerId: writer.id } };
    expect(await write(writer, { ...at, ...owned })).toMatchObject({
      ...YES,
      callersWord: ['ownerId', 'resourceName'],
    });
    const others = { resourceName: 'bills/1', attributes: { ownerId: null } };
    expect(await write(writer, { ...at, ...others })).toMatchObject(NO);
    expect(await write(writer, { ...at, resourceName: 'bills/1' })).toMatchObject(UNKNOWN);
    expect(await check(writer, 'document:read', at)).toMatchObject(YES);
    expect(await check(writer, 'document:shred', at)).toMatchObject(NO);
    expect(await check(writer, 'picture:write', at)).toMatchObject(NO);
  });

  it('D7: and by the reach of the role, as far as the caller says whose it is', async () => {
    const { ownWriter, joe, odin } = shared.w;
    expect(await write(ownWriter, { resourceId: '7' })).toMatchObject(UNKNOWN);
    const mine = { createdById: ownWriter.id };
    expect(await write(ownWriter, { resourceId: '7', attributes: mine })).toMatchObject(YES);
    const theirs = { createdById: joe.id, ownerId: joe.id };
    expect(await write(ownWriter, { resourceId: '7', attributes: theirs })).toMatchObject(NO);
    expect(await write(odin, { resourceId: '7' })).toMatchObject(YES);
  });
});

describe('check of somebody else', () => {
  const about = (who: Person, subject: Identified, form: Identified, action = 'update') =>
    onForm(who, action, form, { subject: { userId: subject.id } });

  it('needs permission:inspect, over everything, at the root of their organization', async () => {
    const { owner, admin, viewer, joe, partial, rows } = shared.w;
    expect(await about(owner, joe, rows.ours)).toMatchObject(YES);
    expect(await about(admin, joe, rows.ours)).toMatchObject(YES);
    expect(await about(admin, joe, rows.closed)).toMatchObject(NO);
    expect(await about(viewer, joe, rows.ours)).toBe('FORBIDDEN');
    expect(await about(partial, partial, rows.mine)).not.toBe('FORBIDDEN');
    expect(await about(viewer, viewer, rows.ours)).toMatchObject(NO);
  });

  it('D14: of a user who may not be read as of none', async () => {
    const { owner, inspector, joe, stranger, rows } = shared.w;
    const none = await about(owner, { id: ABSENT }, rows.open);
    expect(none).toEqual({
      ...UNKNOWN,
      reason: 'there is no such user or team that you may read',
      callersWord: [],
    });
    expect(await about(owner, stranger, rows.open)).toEqual(none);
    expect(await about(inspector, joe, rows.open)).toEqual(none);
    expect(await about(owner, { id: 'nobody' }, rows.open)).toEqual(none);
  });

  it('D14: of a row that the asker may not read as of none, whatever the other may', async () => {
    const { owner, joe, rows } = shared.w;
    const none = await about(owner, joe, { id: ABSENT });
    expect(none).toMatchObject({
      ...UNKNOWN,
      reason: 'there is no such resource that you may read',
    });
    expect(await about(owner, joe, rows.theirs)).toEqual(none);
    expect(await about(owner, joe, rows.walled)).toEqual(none);
  });

  it('D8: tells nothing of what is held behind a wall, nor D15 of rows that the asker only uses', async () => {
    const { owner, joe, wall, rows } = shared.w;
    expect(await about(owner, joe, rows.walledOpen)).toEqual(HIDDEN);
    const create = { scope: wall.id, subject: { userId: joe.id } };
    expect(await check(owner, 'form:create', create)).toEqual(HIDDEN);
    expect(await about(owner, joe, rows.global, 'use')).toEqual(HIDDEN);
  });

  it('D10: takes permission:inspect over everything, there as well', async () => {
    const { warden, joe, rows } = shared.w;
    expect(await about(warden, joe, rows.ours)).toMatchObject(YES);
    expect(await onForm(warden, 'read', rows.wardens)).toMatchObject(YES);
    expect(await about(warden, joe, rows.wardens)).toEqual(HIDDEN);
  });

  it('D14: is no where they may not even find the row', async () => {
    const { owner, blind, rows } = shared.w;
    expect(await about(owner, blind, rows.closed)).toMatchObject(NO);
    expect(await about(owner, blind, rows.open)).toMatchObject(YES);
  });

  it('D18: of who may not act is no', async () => {
    const { owner, gone, rows } = shared.w;
    expect(await about(owner, gone, rows.open, 'use')).toMatchObject(NO);
  });

  it('D4: from a provider goes by what is held inside the organization that it is about', async () => {
    const { staff, posted, joe, rows } = shared.w;
    expect(await about(posted, joe, rows.ours)).toMatchObject(YES);
    expect(await about(staff, joe, rows.ours)).toEqual({
      ...UNKNOWN,
      reason: 'there is no such user or team that you may read',
      callersWord: [],
    });
  });

  it('without a row is about where they would act', async () => {
    const { owner, odin, joe, project } = shared.w;
    const subject = { userId: joe.id };
    expect(await check(owner, 'form:create', { subject, scope: project.id })).toMatchObject(YES);
    expect(await check(owner, 'form:create', { subject })).toMatchObject(NO);
    expect(await check(odin, 'form:create', { subject })).toMatchObject(NO);
    expect(await check(odin, 'form:create', { subject, scope: shared.w.b.id })).toMatchObject({
      ...NO,
      reason: 'who is asked about cannot act there (D4)',
    });
  });
});

describe('checkMany', () => {
  const MANY =
    'query ($checks: [CheckInput!]!) { checkMany(checks: $checks) { allowed answer reason } }';
  const every = (w: W, times: number) =>
    Array.from({ length: times }, (_, index) => {
      const forms = Object.values(w.rows);
      const scopes = [w.a.id, w.project.id, w.wall.id];
      return [
        { action: 'update', resourceType: 'form', resourceId: forms[index % forms.length]?.id },
        { action: 'create', resourceType: 'form', scope: scopes[index % scopes.length] },
        { action: 'read', resourceType: 'scope', resourceId: scopes[index % scopes.length] },
        { action: 'write', resourceType: 'document', resourceId: `plans/${index}` },
      ];
    }).flat();

  it('answers in order as each would alone', async () => {
    const { joe, admin } = shared.w;
    const checks = every(shared.w, 8);
    const of = (who: Identified) => checks.map((one) => ({ ...one, subject: { userId: who.id } }));
    for (const [who, asked] of [
      [joe, checks],
      [admin, checks],
      [admin, of(joe)],
    ] as const) {
      const { data } = await shared.ask(who.email, MANY, { checks: asked });
      for (const [index, one] of asked.entries()) {
        const { callersWord: _, ...alone } = await check(
          who,
          `${one.resourceType}:${one.action}`,
          one,
        );
        expect([index, data.checkMany[index]]).toEqual([index, alone]);
      }
    }
  });

  it('takes as many statements for a thousand as for a few', async () => {
    const { joe, admin } = shared.w;
    for (const [who, subject, most] of [
      [joe, undefined, 4],
      [admin, { userId: joe.id }, 6],
    ] as const) {
      const counts = [];
      for (const times of [2, 250]) {
        const checks = every(shared.w, times).map((one) => ({ ...one, subject }));
        const sent = await shared.statements(async () => {
          const { data, errors } = await shared.ask(who.email, MANY, { checks });
          expect(errors).toEqual([]);
          expect(data.checkMany).toHaveLength(times * 4);
        });
        counts.push(sent.length);
      }
      expect(counts[1]).toBe(counts[0]);
      expect(counts[1]).toBeLessThanOrEqual(most);
    }
  });

  it('is refused whole beyond the limit, and where one of them is no question, saying which', async () => {
    const { joe } = shared.w;
    const one = { action: 'update', resourceType: 'form' };
    const many = Array.from({ length: 1_001 }, () => one);
    const { errors } = await shared.ask(joe.email, MANY, { checks: many });
    expect(errors[0]).toMatchObject({ message: 'a request asks for at most 1000 checks' });
    const wrong = await shared.ask(joe.email, MANY, { checks: [one, { ...one, action: 'paint' }] });
    expect(wrong.data.checkMany).toBeNull();
    expect(wrong.errors[0]?.extensions).toMatchObject({ issues: [{ path: ['checks', 1] }] });
  });

  it.each([{}, { userId: ABSENT, teamId: ABSENT }])(
    'asks of one subject, not of %j',
    async (subject) => {
      const asked = { action: 'update', resourceType: 'form', subject };
      const { data, errors } = await shared.ask(shared.w.admin.email, MANY, { checks: [asked] });
      expect(data.checkMany).toBeNull();
      expect(errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
    },
  );

  it('is for nobody who is not signed in', async () => {
    const { errors } = await shared.ask(null, MANY, { checks: [] });
    expect(errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });
});
