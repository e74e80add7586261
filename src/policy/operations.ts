import type { Principal } from './principal.js';
import { ACTIONS, isWord, type ResourceType } from './vocabulary.js';

/** The types whose rows are used (D6), and not managed alone. */
const USED: readonly ResourceType[] = ['form', 'workflow', 'agent', 'app'];

/** In the list of a workflow: its executions may do all that their launchers may (D30). */
const EVERYTHING = '*';

/**
 * What the executions of a workflow are capped by, as the operations of a key are; null: by nothing.
 *
 * INVARIANT: the one word means everything when it stands alone; beside others it is no operation, and opens nothing.
 */
export function capOf(operations: readonly string[]): readonly string[] | null {
  return operations.length === 1 && operations[0] === EVERYTHING ? null : operations;
}

/** `use` is no permission, but an operation of a key. */
const USE = 'use';

/**
 * Whether a key is for this (D18): its list names the type and the action. Who is no key is for everything.
 * INVARIANT: it only takes away; what is left is still decided by what is held.
 */
export function isFor(
  { operations }: Pick<Principal, 'operations'>,
  resource: string,
  action: string,
): boolean {
  return operations === null || operations.includes(`${resource}:${action}`);
}

/** Whether rows may be reached by use (D6) for an action: to read them it is enough to be for using them. */
export function isForUse(
  principal: Pick<Principal, 'operations'>,
  resource: string | undefined,
  action: string,
): boolean {
  if (principal.operations === null) return true;
  if (resource === undefined) return false;
  return (
    isFor(principal, resource, action) || (action === 'read' && isFor(principal, resource, USE))
  );
}

/** Whether something can be an operation of a key: `resource:action`, of another service's types in its words. */
export function isOperation(text: string): boolean {
  const [resource = '', action = '', ...rest] = text.split(':');
  if (rest.length > 0) return false;
  if (!Object.hasOwn(ACTIONS, resource)) return isWord(resource) && isWord(action);
  const type = resource as ResourceType;
  if (action === USE) return USED.includes(type);
  return (ACTIONS[type] as readonly string[]).includes(action);
}

/** Whether an operation opens rows by use. */
export function opensUses(operation: string): boolean {
  const [resource = '', action = ''] = operation.split(':');
  return (USED as readonly string[]).includes(resource) && (action === USE || action === 'read');
}
