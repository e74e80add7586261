import { describe, expect, it } from 'vitest';
import { systemPrincipal } from '../../src/identity/system-principal.js';

describe('the principal of a job (D18)', () => {
  it('is named, holds nothing and cannot be changed', () => {
    const principal = systemPrincipal('expire-keys');
    expect(principal).toMatchObject({
      kind: 'SYSTEM',
      label: 'system:expire-keys',
      userId: null,
      organizationId: null,
      isPlatformAdmin: false,
      isProvider: false,
      grants: [],
      conditional: [],
      readAt: null,
      validUntil: null,
      roles: [],
    });
    expect(Object.isFrozen(principal) && Object.isFrozen(principal.grants)).toBe(true);
  });

  it.each(['', 'Expire', 'expire keys', '-', 'a\nb'])('is never named %j', (name) => {
    expect(() => systemPrincipal(name)).toThrow(TypeError);
  });
});
