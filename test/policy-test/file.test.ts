import { describe, expect, it } from 'vitest';
import { readPolicyFile } from '../../src/command/policy-test/policy-file.js';
import { FileError } from '../../src/command/policy-test/problem.js';
import { readSentence } from '../../src/command/policy-test/sentence.js';

const WORLD = `world:
  organizations: { acme: Acme }
  scopeTypes:
    Site: { mode: MERGE, in: [Tenant] }
  scopes:
    east: { type: Site, in: acme }
    west: { type: Site, in: acme }
  roles:
    editors: { at: east, dataAccess: ALL_DATA, permits: [form:read, form:update] }
  people:
    joe: { in: acme, holds: [editors at east] }
  resources:
    form:
      - { name: Order, at: east }
services: { document: [write] }
`;
const EXPECT = `expect:
  - who: joe
    can: [update form Order]
`;

/** What is said of a file, with the text of the line that it is said of. */
function told(text: string): string[] {
  try {
    readPolicyFile(text);
    return [];
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const lines = text.split('\n');
    return error.problems.map(({ line, message }) => `${lines[line - 1]?.trim()} | ${message}`);
  }
}

const changed = (from: string, to: string): string => {
  expect(WORLD).toContain(from);
  return WORLD.replace(from, to) + EXPECT;
};
const expecting = (sentence: string, verb = 'cannot'): string =>
  `${WORLD}expect:\n  - who: joe\n    ${verb}:\n      - ${sentence}\n`;

describe('a file of policy tests', () => {
  it('is read', () => {
    const { expectations } = readPolicyFile(WORLD + EXPECT);
    expect(expectations).toMatchObject([
      { line: 18, who: 'joe', permitted: true, said: 'update form Order', because: undefined },
    ]);
  });

  it.each<[what: string, text: string, said: string]>([
    ['nothing', '', ' | the file is empty'],
    ['a comment alone', '# nothing yet\n', ' | the file is empty'],
    ['no expectation', 'world: demo\nexpect: []\n', 'expect: [] | expect: Too small'],
    ['no world', EXPECT, 'expect: | say where it holds'],
    ['two worlds', `world: demo\nworld: demo\n${EXPECT}`, 'world: demo | Map keys must be unique'],
    ['another world', `world: moon\n${EXPECT}`, 'world: moon | world: must be "demo"'],
    ['no YAML', 'world: [\n', ' | Flow sequence'],
    ['two documents', `world: demo\n${EXPECT}---\nworld: demo\n`, '| Source contains multiple'],
    [
      'a key of nobody’s',
      `world: demo\nexpects: 1\n${EXPECT}`,
      'expects: 1 | expects: there is no such key',
    ],
    [
      'a slip of the pen',
      'world: demo\nexpect:\n  - who: mia\n    canot: [use form Survey]\n',
      'canot: [use form Survey] | expect.0.canot: there is no such key',
    ],
    [
      'somebody who is expected nothing',
      'world: demo\nexpect:\n  - who: mia\n    cannot: []\n',
      'cannot: [] | expect.0.cannot: Too small',
    ],
    [
      'nobody whom it knows',
      `${WORLD}expect:\n  - who: jo\n    cannot: [read form Order]\n`,
      'who: jo | there is nobody called jo',
    ],
    [
      'an unknown action',
      expecting('fly form Order'),
      'a form has no such action: it has read, use',
    ],
    ['an unknown type', expecting('read from Order'), 'there is no type of resource from'],
    [
      'an unknown action elsewhere',
      expecting('read document x at east'),
      'a document has no such action: it has write',
    ],
    ['a sentence that is none', expecting('read'), 'must be "<action> <type>'],
    ['neither name nor place', expecting('read form'), 'say where'],
    [
      'the name of what is not there yet',
      expecting('create form Order at east'),
      'has no name yet',
    ],
    ['an owner of what has one', expecting('read form Order owned by joe'), 'leave out "owned by"'],
    [
      'a type of the gateway as another service’s',
      changed('document: [write]', 'form: [write]'),
      'a type of that name itself',
    ],
    [
      'a role that is not there',
      changed('[editors at east]', '[editor at east]'),
      'there is no role editor',
    ],
    [
      'a role out of its place',
      changed('[editors at east]', '[editors at west]'),
      'it is not to be had at west (D8)',
    ],
    [
      'a place that is not there',
      changed('at: east, dataAccess', 'at: north, dataAccess'),
      'there is no place north',
    ],
    ['a permission for nothing', changed('form:update', 'form:updaet'), 'form has read, create'],
    ['a pattern that is none', changed('form:update', '"form:update:a*"'), 'a pattern is *'],
    [
      'a condition that is none',
      changed('form:update', '{ permission: form:update, when: { wen: [] } }'),
      'the condition:',
    ],
    [
      'one permission with two conditions',
      changed(
        'form:update',
        'form:update, { permission: form:update, when: { "==": [{ var: resource.name }, x] } }',
      ),
      'another condition',
    ],
    [
      'a scope within itself',
      changed('east: { type: Site, in: acme', 'east: { type: Site, in: east'),
      'it is within itself',
    ],
    [
      'a scope where its type may not be',
      changed('west: { type: Site, in: acme', 'west: { type: Site, in: east'),
      'cannot be in one of the type Site',
    ],
    [
      'a built-in type where it may not be',
      changed('west: { type: Site, in: acme', 'west: { type: Project, in: east'),
      'a scope of the type Project cannot be in one of the type Site',
    ],
    [
      'a type within itself',
      changed(
        'Site: { mode: MERGE, in: [Tenant] }',
        'Site: { mode: MERGE, in: [Hall, Tenant] }\n    Hall: { mode: MERGE, in: [Site] }',
      ),
      'in: [Site] } | the type Hall would be within itself',
    ],
    ['an unknown mode', changed('MERGE', 'MERG'), 'expected one of "DEFINE"|"MERGE"'],
    [
      'one name twice',
      changed(
        '- { name: Order, at: east }',
        '- { name: Order, at: east }\n      - { name: Order, at: east }',
      ),
      'there is another form Order',
    ],
    [
      'an owner who is not there',
      changed('name: Order,', 'name: Order, owner: eve,'),
      'there is no person eve',
    ],
    [
      'a name that every object has',
      changed('[editors at east]', '[constructor at east]'),
      'there is no role constructor',
    ],
  ])('that has %s is told so, and where', (_, text, said) => {
    expect(told(text).join('\n')).toContain(said);
  });

  it('is told everything that is wrong with it at once', () => {
    const text = changed('form:update', 'form:updaet').replace(
      '[editors at east]',
      '[nobody at east]',
    );
    expect(told(text)).toHaveLength(2);
  });

  it('is refused when aliases make much of little', () => {
    const levels = Array.from({ length: 8 }, (_, n) => `  - &a${n + 1} [${`*a${n}, `.repeat(9)}]`);
    expect(told(`world:\n  - &a0 [x]\n${levels.join('\n')}\n`).join()).toContain('alias');
  });
});

describe('a sentence', () => {
  it.each([
    ['update form Order', { name: 'Order' }],
    ['update form Order paint at east', { name: 'Order paint', at: 'east' }],
    ['create form at east', { action: 'create', at: 'east' }],
    ['update form "Look at me"', { name: 'Look at me' }],
    ['update form "Look at me" at east', { name: 'Look at me', at: 'east' }],
    [
      'write document plans/roof at east owned by joe',
      { name: 'plans/roof', at: 'east', owner: 'joe' },
    ],
    ['create form at east owned by joe', { at: 'east', owner: 'joe' }],
  ])('is taken apart: %s', (said, parts) => {
    const rest = {
      action: 'update',
      resourceType: 'form',
      name: undefined,
      at: undefined,
      owner: undefined,
    };
    const [action, resourceType] = said.split(' ');
    expect(readSentence(said)).toEqual({ ...rest, action, resourceType, ...parts });
  });

  it('says what it does not understand', () => {
    expect(readSentence('update form "Order" or so')).toBe('what is "or so" after the name?');
  });
});
