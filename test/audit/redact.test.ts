import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { REDACTED, redact, redactChange } from '../../src/audit/redact.js';
import { REDACTION, type RedactedModel } from '../../src/audit/redaction.js';
import { dataModel } from '../../src/data/generated-data-model.js';
import { ACTIONS, CONFIG_TYPES } from '../../src/policy/vocabulary.js';
import { completePolicies } from '../../src/query/complete-policies.js';
import { declaredPolicies } from '../../src/resources/registry.js';

const MODELS = Object.keys(REDACTION) as RedactedModel[];
const columnsOf = (model: string): string[] =>
  Object.entries(dataModel[model]?.fields ?? {}).flatMap(([name, { kind }]) =>
    kind === 'scalar' ? [name] : [],
  );
const policies = completePolicies(dataModel, declaredPolicies(dataModel));

describe('D19: secrets are redacted', () => {
  it('every type that permissions are for is decided on, but the record itself', () => {
    const types = Object.keys(ACTIONS).filter((type) => type !== 'audit');
    const models = types.map((type) => `${type.charAt(0).toUpperCase()}${type.slice(1)}`);
    expect([...MODELS].sort()).toEqual(models.sort());
  });

  it.each(MODELS)('%s: every column is decided on, and no other', (model) => {
    expect(Object.keys(REDACTION[model]).sort()).toEqual(columnsOf(model).sort());
  });

  it.each(MODELS)('%s: what is sealed is not kept', (model) => {
    const treatments: Readonly<Record<string, string>> = REDACTION[model];
    for (const column of policies.get(model)?.fields.sealed ?? []) {
      expect(treatments[column], column).toBe('redacted');
    }
  });

  it('what nobody decided on is not kept, whatever it is called', () => {
    const names = fc.oneof(
      fc.string(),
      fc.constantFrom('__proto__', 'constructor', 'toString', 'password'),
    );
    fc.assert(
      fc.property(fc.constantFrom(...MODELS), names, (model, name) => {
        fc.pre(!columnsOf(model).includes(name));
        const row = Object.fromEntries([
          ['id', 'x'],
          [name, 'SECRET VALUE'],
        ]);
        expect(JSON.stringify(redact(model, row))).not.toContain('SECRET VALUE');
      }),
    );
    expect(redact('Unheard', { id: 'x', name: 'n' })).toEqual({ id: 'x' });
  });

  it('a config that is a secret before or after is one on both sides (D16)', () => {
    const sides = fc.record({
      type: fc.constantFrom<unknown>(...CONFIG_TYPES, 'FUTURE', null, undefined),
      value: fc.constantFrom('plain', 'other'),
    });
    fc.assert(
      fc.property(sides, sides, (before, after) => {
        const kept = redactChange('config', before, after);
        const isOpen = [before, after].every(
          ({ type }) =>
            typeof type === 'string' && ['STRING', 'NUMBER', 'BOOLEAN', 'JSON'].includes(type),
        );
        expect(kept.before?.value).toBe(isOpen ? before.value : REDACTED);
        expect(kept.after?.value).toBe(isOpen ? after.value : REDACTED);
      }),
    );
  });

  it('keeps null as null, and the ids of parts alone', () => {
    expect(redact('VirtualKey', { hash: 'h', teamId: null })).toEqual({
      hash: REDACTED,
      teamId: null,
    });
    expect(redact('Form', { roles: ['a'], tools: ['b'] })).toEqual({ roles: ['a'] });
    expect(redact('Form', { roles: [{ roleId: 'a' }] })).toEqual({});
  });
});
