import type { Issue } from '../../errors.js';
import { ACTIONS } from '../../policy/vocabulary.js';
import { isText } from '../../query/text.js';

/** A word of the vocabulary, ours or that of another service. */
const WORD = /^[a-z][A-Za-z0-9]{0,63}$/;

/**
 * What is wrong with a permission as it would be. Its key says what it permits (model §2); a type of the gateway's own
 * has no actions but those of the vocabulary, so that a misspelt one is told instead of granting nothing.
 */
export function permissionIssues(row: Readonly<Record<string, unknown>>): readonly Issue[] {
  const { key, resourceType, action, resourcePattern = '*' } = row;
  const issues: Issue[] = [];
  for (const [field, word] of Object.entries({ resourceType, action })) {
    if (typeof word !== 'string' || !WORD.test(word)) {
      issues.push({
        path: [field],
        message: 'a word of at most 64 letters and digits, the first one small',
      });
    }
  }
  const pattern = patternIssue(resourcePattern);
  if (pattern !== undefined) issues.push({ path: ['resourcePattern'], message: pattern });
  if (issues.length > 0) return issues;
  const known = actionsOf(String(resourceType));
  if (known !== undefined && !known.includes(String(action))) {
    return [{ path: ['action'], message: `of ${resourceType} there are ${known.join(', ')}` }];
  }
  const derived = `${resourceType}:${action}:${resourcePattern}`;
  return key === undefined || key === derived
    ? []
    : [{ path: ['key'], message: `the key of this permission is ${derived}` }];
}

const actionsOf = (type: string): readonly string[] | undefined =>
  Object.hasOwn(ACTIONS, type) ? ACTIONS[type as keyof typeof ACTIONS] : undefined;

/** D10: `*`, an exact id or name, `prefix/*` or `owned`, and no other. */
function patternIssue(pattern: unknown): string | undefined {
  if (typeof pattern !== 'string' || pattern === '' || !isText(pattern)) return 'it is no pattern';
  if ([...pattern].length > 255) return 'it has more than 255 characters';
  const stem = pattern.endsWith('/*') ? pattern.slice(0, -2) : pattern;
  if (pattern === '*' || (stem !== '' && !stem.includes('*'))) return undefined;
  return 'a pattern is `*`, an id or a name, `prefix/*`, or `owned` (D10)';
}
