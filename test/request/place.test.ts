import { describe, expect, test } from 'vitest';
import { ANONYMOUS, type Principal } from '../../src/policy/principal.js';
import { rootScopeId } from '../../src/policy/root-scope.js';
import { PLATFORM_ROOT_ID } from '../../src/policy/vocabulary.js';
import {
  acrossOrganizations,
  type FindScope,
  placeFromHeader,
  resolvePlace,
  rootOf,
} from '../../src/request/place.js';

const id = (n: number): string => `00000000-0000-7000-8000-0000000000a${n}`;
const [ORG, PROJECT, OTHER, THEIRS, UNKNOWN] = [1, 2, 3, 4, 5].map(id) as [
  string,
  string,
  string,
  string,
  string,
];
const [ROOT, OTHER_ROOT] = [rootScopeId(ORG), rootScopeId(OTHER)];
const scopes = [
  { id: ROOT, organizationId: ORG, path: [ROOT, PLATFORM_ROOT_ID] },
  { id: PROJECT, organizationId: ORG, path: [PROJECT, ROOT, PLATFORM_ROOT_ID] },
  { id: OTHER_ROOT, organizationId: OTHER, path: [OTHER_ROOT, PLATFORM_ROOT_ID] },
  { id: THEIRS, organizationId: OTHER, path: [THEIRS, OTHER_ROOT, PLATFORM_ROOT_ID] },
  { id: PLATFORM_ROOT_ID, organizationId: null, path: [PLATFORM_ROOT_ID] },
].map((scope) => ({ ...scope, inheritsFrom: [scope.id] }));
// As the database finds it: by its own id, or by its organization's.
const find: FindScope = async (wanted) =>
  scopes.find(({ id }) => id === wanted || id === rootScopeId(wanted)) ?? null;

const user: Principal = { ...ANONYMOUS, kind: 'USER', userId: id(9), organizationId: ORG };
const actIn = {
  resourceType: 'organization',
  action: 'actIn',
  pattern: '*',
  dataAccess: 'ALL_DATA' as const,
  scopeIds: [ROOT],
};
const provider: Principal = { ...user, isProvider: true, grants: [actIn] };
const admin: Principal = { ...user, isPlatformAdmin: true };

describe('D4: where a request acts', () => {
  test('omitted: the own organization; of nobody, the global tier', async () => {
    const own = await resolvePlace(user, undefined, find);
    expect(own).toMatchObject({ coverage: { kind: 'organization', organizationId: ORG } });
    expect(own).toMatchObject({ chain: [ROOT], switched: false });
    const nobody = await resolvePlace(ANONYMOUS, undefined, find);
    expect(nobody).toMatchObject({ coverage: { kind: 'global' }, chain: [] });
  });

  test('omitted is not null (§6.1): the default of the request holds for the one alone', async () => {
    const fallback = await resolvePlace(user, PROJECT, find);
    expect(await resolvePlace(user, undefined, find, fallback)).toBe(fallback);
    const global = await resolvePlace(user, null, find, fallback);
    expect(global).toMatchObject({ coverage: { kind: 'global' }, chain: [], switched: false });
  });

  test("a scope of the own organization: that scope's chain, without the platform root", async () => {
    expect(await resolvePlace(user, PROJECT, find)).toEqual({
      organizationId: ORG,
      switched: false,
      coverage: { kind: 'chain', scopeIds: [PROJECT, ROOT] },
      chain: [PROJECT, ROOT],
      includeShadowed: false,
    });
    expect(await resolvePlace(user, PROJECT.toUpperCase(), find)).toMatchObject({
      chain: [PROJECT, ROOT],
    });
  });

  test("D1: an organization's id means its root, which its own id names as well", async () => {
    for (const named of [ORG, ROOT]) {
      const place = await resolvePlace(user, named, find);
      expect(place).toMatchObject({ organizationId: ORG, switched: false, chain: [ROOT] });
      expect(await placeFromHeader(user, named, find)).toEqual(place);
    }
  });

  test('another organization: for platform admins and providers with actIn alone', async () => {
    for (const who of [admin, provider]) {
      expect(await resolvePlace(who, THEIRS, find)).toMatchObject({
        organizationId: OTHER,
        switched: true,
        chain: [THEIRS, OTHER_ROOT],
      });
    }
    const powerless = [user, { ...provider, isProvider: false }, { ...provider, grants: [] }];
    for (const who of [...powerless, ANONYMOUS]) {
      await expect(resolvePlace(who, OTHER, find)).rejects.toThrow();
    }
  });

  test('D14: one error for what is forbidden, unknown or no id; nothing is coerced', async () => {
    const errors = new Set<string>();
    for (const scope of [
      OTHER,
      OTHER_ROOT,
      THEIRS,
      UNKNOWN,
      PLATFORM_ROOT_ID,
      '',
      'global',
      'null',
      ' ',
    ]) {
      const error = await resolvePlace(user, scope, find).catch((e: unknown) => e);
      expect(error, scope).toHaveProperty('code', 'SCOPE_FORBIDDEN');
      errors.add((error as Error).message);
    }
    expect(errors.size).toBe(1);
    await expect(resolvePlace(admin, PLATFORM_ROOT_ID, find)).rejects.toThrow();
  });

  test('the header says global for null, and is never ignored', async () => {
    expect(await placeFromHeader(user, null, find)).toMatchObject({ chain: [ROOT] });
    const global = await placeFromHeader(user, 'global', find);
    expect(global).toMatchObject({ coverage: { kind: 'global' }, organizationId: ORG });
    for (const header of ['', 'Global', 'null', OTHER]) {
      await expect(placeFromHeader(user, header, find)).rejects.toThrow();
    }
  });

  test('across organizations: all of it, for those who may; not with a scope', async () => {
    const own = await resolvePlace(provider, undefined, find);
    expect(acrossOrganizations(provider, undefined, own)).toMatchObject({
      coverage: { kind: 'everything' },
      includeShadowed: true,
    });
    expect(() => acrossOrganizations(user, undefined, own)).toThrow();
    for (const scope of [null, ORG]) {
      expect(() => acrossOrganizations(admin, scope, own)).toThrow('exclude');
    }
  });

  test('the root of another organization is a switched place', () => {
    expect(rootOf(OTHER, user)).toMatchObject({ organizationId: OTHER, switched: true });
    expect(rootOf(ORG, user)).toMatchObject({ switched: false, chain: [ROOT] });
  });
});
