import { describe, expect, it } from 'vitest';
import { ALICE, MIA } from '../../../interop/support/gateway.js';
import { BadUserInputError, ScopeForbiddenError } from '../src/index.js';
import { clientOf } from './support/people.js';
import { unreliable } from './support/unreliable.js';

describe('can', () => {
  it('asks all that is asked at once in one request, and answers each', async () => {
    const { url, came } = await unreliable();
    const alice = clientOf(ALICE, { url });
    const { forms } = await clientOf(ALICE).forms.list({ first: 20 });
    const asked = forms.flatMap(({ id: resourceId }) =>
      ['read', 'update', 'use'].map((action) => alice.can(action, 'form', { resourceId })),
    );
    const answers = await Promise.all(asked);
    expect(came).toHaveLength(1);
    const uses = answers.filter((_, index) => index % 3 === 2);
    expect(uses).toEqual(forms.map(({ canUse }) => canUse));
    const updates = answers.filter((_, index) => index % 3 === 1);
    expect(updates).toEqual(forms.map(({ canManage }) => canManage));
  });

  it('says of each person what they may', async () => {
    expect(await clientOf(ALICE).can('create', 'form')).toBe(true);
    expect(await clientOf(MIA).can('create', 'form')).toBe(false);
  });

  it('refuses a question that is none, and no other', async () => {
    const alice = clientOf(ALICE);
    const [good, nonsense, nowhere, also] = await Promise.allSettled([
      alice.can('create', 'form'),
      alice.can('fly', 'form'),
      alice.can('create', 'form', { scope: 'no scope' }),
      alice.can('create', 'workflow'),
    ]);
    expect(good).toEqual({ status: 'fulfilled', value: true });
    expect(also).toEqual({ status: 'fulfilled', value: true });
    expect((nonsense as PromiseRejectedResult).reason).toBeInstanceOf(BadUserInputError);
    expect((nowhere as PromiseRejectedResult).reason).toBeInstanceOf(ScopeForbiddenError);
  });

  it('keeps questions of different places apart', async () => {
    const alice = clientOf(ALICE);
    const own = alice.can('create', 'form');
    alice.setScope('global');
    const global = alice.can('create', 'form');
    expect(await Promise.all([own, global])).toEqual([true, false]);
  });
});
