import { describe, expect, it } from 'vitest';
import { ALICE, MIA, ODIN } from '../../../interop/support/gateway.js';
import { document, ScopeForbiddenError } from '../src/index.js';
import { clientOf } from './support/people.js';

const GLOBAL_AND_OWN = document<
  {
    global: { edges: { node: { key: string; value: unknown } }[] };
    own: { edges: { node: { key: string; value: unknown } }[] };
  },
  object
>(`{
  global: configs(scope: null, where: { key: { eq: "timezone" } }) { edges { node { key value } } }
  own: configs(where: { key: { eq: "timezone" } }) { edges { node { key value } } }
}`);

describe('config.get', () => {
  it('answers the nearest value, and the fallback where there is none or a hidden one (D29)', async () => {
    const alice = clientOf(ALICE);
    const value = await alice.config.get('timezone', 'none');
    expect(value).not.toBe('none');
    expect(await alice.config.get('no such key', 'none')).toBe('none');
    expect(await alice.config.get('no such key')).toBeUndefined();
    // Reading it takes a permission, which Mia has not.
    expect(await clientOf(MIA).config.get('timezone', 'none')).toBe('none');
  });

  it('throws what else goes wrong, and never answers the fallback for it', async () => {
    const asked = clientOf(ALICE).config.get('timezone', 'none', { scope: 'no scope' });
    await expect(asked).rejects.toBeInstanceOf(ScopeForbiddenError);
  });
});

describe('setScope (D29)', () => {
  it('is where later calls act: global by its word, reset by null, unlike the argument null', async () => {
    const odin = clientOf(ODIN);
    const { global, own } = await odin.request(GLOBAL_AND_OWN, {});
    const globally = global.edges[0]?.node.value ?? 'absent';
    const nearest = own.edges[0]?.node.value ?? 'absent';
    const alice = clientOf(ALICE);
    const acme = (await alice.viewer()).organization?.id ?? '';
    const ofAcme = await alice.config.get('timezone', 'absent');
    expect(ofAcme).not.toBe(globally);

    odin.setScope(acme);
    expect(await odin.config.get('timezone', 'absent')).toBe(ofAcme);
    expect(await odin.config.get('timezone', 'absent', { scope: null })).toBe(globally);
    odin.setScope('global');
    expect(await odin.config.get('timezone', 'absent')).toBe(globally);
    expect(await odin.config.get('timezone', 'absent', { scope: acme })).toBe(ofAcme);
    odin.setScope(null);
    expect(await odin.config.get('timezone', 'absent')).toBe(nearest);
  });

  it('decides each call anew: a place where one may not act is refused', async () => {
    const acme = (await clientOf(ALICE).viewer()).organization?.id ?? '';
    const pia = clientOf('pia@playground.example');
    pia.setScope(acme);
    await expect(pia.forms.list()).rejects.toBeInstanceOf(ScopeForbiddenError);
    pia.setScope(null);
    expect((await pia.forms.list()).forms).not.toEqual([]);
  });

  it('coerces nothing', () => {
    const mia = clientOf(MIA);
    expect(() => mia.setScope('')).toThrow(TypeError);
    expect(() => mia.setScope(undefined as never)).toThrow(TypeError);
  });

  it('leaves calls under way where they are', async () => {
    const alice = clientOf(ALICE);
    const first = alice.config.get('timezone', 'absent');
    alice.setScope('global');
    expect(await first).toBe(await clientOf(ALICE).config.get('timezone', 'absent'));
  });
});

describe('config.set', () => {
  it('writes where it is told to, and reading finds it', async () => {
    const pia = clientOf('pia@playground.example');
    const scope = (await pia.viewer()).organization?.id ?? null;
    const set = await pia.config.set('client/limit', 7, { scope });
    expect(set?.key).toBe('client/limit');
    expect(await pia.config.get('client/limit')).toBe(7);
    await pia.config.set('client/secret', 'hush', { scope, secret: true });
    expect(await pia.config.get('client/secret', 'withheld')).toBe('withheld');
  });
});

describe('forms.list', () => {
  it('lists each row once, page by page, and with usable what may be used alone', async () => {
    const alice = clientOf(ALICE);
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const page = await alice.forms.list({ first: 7, after });
      seen.push(...page.forms.map(({ id }) => id));
      after = page.endCursor;
    } while (after !== null);
    const all = await alice.forms.list({ first: 200 });
    expect(seen).toEqual(all.forms.map(({ id }) => id));
    const usable = await alice.forms.list({ first: 200, usable: true });
    expect(usable.forms.map(({ id }) => id)).toEqual(
      all.forms.filter(({ canUse }) => canUse).map(({ id }) => id),
    );
    expect(usable.forms.length).toBeLessThan(all.forms.length);
  });
});
