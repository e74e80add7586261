import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { GrantSwitch } from '../../src/policy/principal.js';
import { switchedOn } from '../../src/policy/switches.js';
import { holds } from './principals.js';

/** A tree: the parent of each scope but the first, and whether it merges; and the overrides of one target. */
const tree = fc
  .array(
    fc.record({ parent: fc.nat(20), merges: fc.integer({ min: 0, max: 4 }).map((n) => n > 0) }),
    {
      minLength: 1,
      maxLength: 9,
    },
  )
  .chain((scopes) =>
    fc.record({
      scopes: fc.constant(scopes),
      states: fc.array(fc.constantFrom(undefined, undefined, 'enabled', 'disabled'), {
        minLength: scopes.length,
        maxLength: scopes.length,
      }),
    }),
  );

test('D9: the nearest override in inherits(S) counts, in trees of any shape', () => {
  const seen = { on: 0, off: 0, lifted: 0 };
  fc.assert(
    fc.property(tree, ({ scopes, states }) => {
      const parentOf = (at: number) => (at === 0 ? null : (scopes[at]?.parent ?? 0) % at);
      const inherits = (at: number): number[] => {
        const parent = parentOf(at);
        return parent !== null && scopes[at]?.merges ? [at, ...inherits(parent)] : [at];
      };
      const ids = scopes.map((_, at) => at);
      // As the database tells them: lifted from below, by what inherits from there.
      const switches = ids
        .filter((at) => states[at] === 'disabled')
        .map(
          (at): GrantSwitch => ({
            disabledAt: String(at),
            reachedFrom: inherits(at).map(String),
            liftedAt: ids
              .filter((e) => e !== at && states[e] === 'enabled' && inherits(e).includes(at))
              .map(String),
            permissionId: 'p',
            roleId: null,
          }),
        );
      for (const at of ids) {
        const nearest = inherits(at).find((id) => states[id] !== undefined);
        const isOn = nearest === undefined || states[nearest] === 'enabled';
        const governedBy = inherits(at).map(String);
        expect(holds(switchedOn('governedBy', switches), { governedBy })).toBe(isOn);
        seen[isOn ? 'on' : 'off'] += 1;
        if (isOn && inherits(at).some((id) => states[id] === 'disabled')) seen.lifted += 1;
      }
    }),
    { numRuns: 2000 },
  );
  for (const times of Object.values(seen)) expect(times).toBeGreaterThan(200);
});
