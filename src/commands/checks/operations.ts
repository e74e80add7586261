import { capOf, isOperation } from '../../policy/operations.js';
import { type Check, issue } from './check.js';

/** More than there are of the gateway's own. */
const MOST_OPERATIONS = 500;

/** What a key may be used for (D18). */
export const operations: Check = (value) => {
  const list = value as readonly string[];
  if (list.length > MOST_OPERATIONS) return [issue(`at most ${MOST_OPERATIONS} at once`)];
  if (new Set(list).size < list.length) return [issue('one is named twice')];
  return list.flatMap((one, index) =>
    isOperation(one) ? [] : [issue('it is no operation, such as form:read or form:use', index)],
  );
};

/** The same of executions (D30), or everything that their launchers may. */
export const cap: Check = (value) => {
  const list = value as readonly string[];
  return capOf(list) === null ? [] : operations(list);
};
