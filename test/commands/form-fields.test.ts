import { describe, expect, it, test } from 'vitest';
import { formFields } from '../../src/commands/checks/form-fields.js';

const field = (more: object) => ({ name: 'q', type: 'text', ...more });
const mistakes = (...fields: object[]) => formFields(fields).map(({ path }) => path.join('.'));
const OPTIONS = [{ value: 'a', label: 'A' }, { value: 2 }];

describe('what a form asks for', () => {
  test.each<[type: string, more: object]>([
    ['text', { default: 'x', validation: { minLength: 1, maxLength: 3, pattern: '[a-z]+' } }],
    ['email', { default: 'a@b.example', required: true }],
    ['number', { default: 0, validation: { min: -1, max: 1 } }],
    ['select', { options: OPTIONS, default: 'a' }],
    ['multi_select', { options: OPTIONS, default: ['a', 2] }],
    ['radio', { options: OPTIONS, default: 2 }],
    ['checkbox', { default: false }],
    ['textarea', { default: 'x\ny', visibility: 'q == "a"' }],
    ['date', { default: '2026-11-26' }],
    ['datetime', { default: '2026-11-26T10:00:00+01:00' }],
    ['markdown', { content: '# Hello' }],
    ['file', { accept: ['image/png'] }],
  ])('%s', (type, more) => {
    expect(mistakes(field({ type, ...more }))).toEqual([]);
    expect(mistakes(field({ type, ...more, default: null }))).toEqual([]);
  });

  test.each<[path: string, more: object]>([
    ['0.type', { type: 'stairs' }],
    ['0.name', { name: '1st' }],
    ['0', { colour: 'red' }],
    ['0.default', { type: 'number', default: 'one' }],
    ['0.default', { type: 'checkbox', default: 'yes' }],
    ['0.default', { type: 'date', default: '2026-02-30' }],
    ['0.default', { type: 'datetime', default: '2026-11-26' }],
    ['0.default', { type: 'file', default: 'x' }],
    ['0.default', { type: 'multi_select', options: OPTIONS, default: 'a' }],
    ['0.default', { type: 'select', options: OPTIONS, default: 'b' }],
    ['0.options', { options: OPTIONS }],
    ['0.options', { type: 'select', options: [{ value: 'a' }, { value: 'a' }] }],
    ['0.validation.min', { type: 'number', validation: { min: 2, max: 1 } }],
    ['0.validation.minLength', { validation: { minLength: 2, maxLength: 1 } }],
    ['0.validation.pattern', { validation: { pattern: '[' } }],
  ])('is refused at %s: %j', (path, more) => {
    expect(mistakes(field(more))).toEqual([path]);
  });

  it('tells all mistakes at once, and which of two names is the second', () => {
    expect(mistakes(field({ default: 1 }), field({ type: 'file', default: 'x' }))).toEqual([
      '0.default',
      '1.name',
      '1.default',
    ]);
  });

  it('keeps what PostgreSQL and JavaScript keep alike, and no more', () => {
    let deep: unknown = 'x';
    for (let n = 0; n < 40; n++) deep = [deep];
    const bad = ['\ud800', '\u0000', 2 ** 60, Number.NaN, deep];
    for (const value of bad) expect(formFields([field({ default: value })])).toHaveLength(1);
    expect(formFields([field({ help: 'x'.repeat(300_000) })])).toHaveLength(1);
    expect(formFields(JSON.parse('[{"__proto__": {}, "name": "q", "type": "text"}]'))).toHaveLength(
      1,
    );
  });
});
