import { describe, expect, it } from 'vitest';
import { roleNamesAt } from '../../src/policy/roles-at.js';
import { disabledAt, ORG, OTHER, principal, ROOT } from './principals.js';

const BELOW = '01930000-0000-7ccc-8ccc-cccccccccccc';
const role = (
  name: string,
  scopeIds: string[],
  switches: ReturnType<typeof disabledAt>[] = [],
) => ({
  roleId: name,
  name,
  scopeIds,
  switches: switches.map((one) => ({ ...one, permissionId: null, roleId: name })),
});

describe('D38: the roles that are held at a place', () => {
  const who = principal({
    roles: [
      role('editor', [ROOT]),
      role('crew', [BELOW]),
      role('off', [ROOT], [disabledAt(BELOW)]),
      role('editor', [BELOW]),
    ],
  });

  it('are held there or above, each once, and not disabled there (D9)', () => {
    expect(roleNamesAt(who, { inheritsFrom: [BELOW, ROOT] })).toEqual(['crew', 'editor']);
    expect(roleNamesAt(who, { inheritsFrom: [ROOT] })).toEqual(['editor', 'off']);
    expect(roleNamesAt(who, { inheritsFrom: [OTHER] })).toEqual([]);
  });

  it('count for global rows at the root of the organization alone', () => {
    expect(roleNamesAt(who, { globalIn: ORG })).toEqual(['editor', 'off']);
    expect(roleNamesAt(who, { globalIn: OTHER })).toEqual([]);
    expect(roleNamesAt(who, { globalIn: null })).toEqual([]);
  });
});
