import { choose, type Draft } from './draft.js';
import type { Row } from './types.js';

/** A condition of a permission as it is stored, in JSON Logic (D11). */
export type Logic = boolean | { readonly [operator: string]: unknown };

/** Types whose rows live at a scope of their own. */
const PLACED = ['form', 'workflow', 'agent', 'app', 'config', 'role', 'permission', 'membership'];

/** One permission in four counts on a condition about rows of its type; of these a few say what means nothing. */
export function conditionFor(
  draft: Draft,
  resourceType: string,
  meant: readonly Row[],
  choice: number,
): Logic | null {
  if (choice % 4 > 0) return null;
  const tests = [...testsOf(draft, resourceType, meant, choice >> 5)];
  const [one, other] = [choose(tests, choice >> 2), choose(tests, choice >> 4)];
  return choose<Logic>(
    [one, one, { '!': one }, { and: [one, other] }, { or: [one, { '!': [other] }] }, one, NOTHING],
    choice >> 3,
  );
}

/** No operator that is understood: it grants nothing. */
const NOTHING: Logic = { '+': [1, 2] };

/** What can be asked of rows of a type, with values that some of them have. */
function testsOf(
  draft: Draft,
  resourceType: string,
  meant: readonly Row[],
  choice: number,
): Logic[] {
  const of = (name: string): Logic => ({ var: name });
  const cells = meant.length > 0 ? choose(meant, choice).cells : {};
  const texts = ['name', 'key', 'description', 'slug', 'externalId'].flatMap((name): Logic[] => {
    if (!(name in cells)) return [];
    const given = cells[name] ?? 'a';
    return [
      { '==': [of(`resource.${name}`), given] },
      { '!=': [given, of(`resource.${name}`)] },
      { in: [of(`resource.${name}`), ['a', given]] },
    ];
  });
  const flags = ['isActive', 'isFinal', 'isSystem'].flatMap((name): Logic[] =>
    name in cells ? [{ '===': [of(`resource.${name}`), choice % 2 === 0] }] : [],
  );
  const scope = choose(draft.of('Scope'), choice);
  const places: Logic[] = PLACED.includes(resourceType)
    ? [
        { '==': [of('scope.id'), scope.id] },
        { '!==': [of('scope.name'), scope.cells.name ?? 'a'] },
        { in: [of('scope.externalId'), [scope.cells.externalId ?? 'b', 'a']] },
        { '==': [of('scope.type'), choose(['Tenant', 'Workspace', 'Platform', 'a'], choice)] },
      ]
    : [];
  const who: Logic[] = [
    { '==': [of('principal.id'), choose(draft.of('User'), choice).id] },
    { '!=': [of('principal.organizationId'), choose(draft.of('Organization'), choice).id] },
    { '==': [of('principal.kind'), 'USER'] },
  ];
  const when: Logic[] = [{ '<=': [of('resource.createdAt'), '2026-01-01T00:00:00.000Z'] }, true];
  return [...texts, ...flags, ...places, ...places, ...who, ...when];
}
