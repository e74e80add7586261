import { expect, test } from 'vitest';
import { dataModel } from '../../../src/data/generated-data-model.js';
import { permits } from '../../../src/data/prisma/permitted.js';
import { Decisions } from '../../../src/policy/decisions.js';
import { ANONYMOUS, type Principal } from '../../../src/policy/principal.js';
import { ownPlace } from '../../../src/policy/situation.js';
import { policies } from '../../../src/schema.js';

const who: Principal = { ...ANONYMOUS, kind: 'USER', userId: 'me', organizationId: 'org' };
const guarding = { dataModel, decisions: new Decisions(policies, who, ownPlace(who)) };
const whole = {
  ...{ id: 'x', organizationId: 'org', governedBy: ['org'] },
  ...{ isActive: true, accessLevel: 'AUTHENTICATED', roleIds: [] },
};
const { accessLevel: _, ...lacking } = whole;

test('a row tells what it permits by its columns, and nothing where one is lacking', () => {
  expect(permits(guarding, 'Form', 'use', whole)).toBe('yes');
  expect(permits(guarding, 'Form', 'use', { ...whole, isActive: false })).toBe('no');
  expect(permits(guarding, 'Form', 'use', { ...whole, organizationId: 'other' })).toBe('no');
  expect(permits(guarding, 'Form', 'use', lacking)).toBe('unknown');
  expect(permits(guarding, 'Form', 'manage', whole)).toBe('no');
});
