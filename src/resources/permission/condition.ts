import type { Watch } from '../../commands/writable.js';
import { badInput } from '../../errors.js';
import { allResources } from '../../graphql/registry.js';
import { parseCondition } from '../../policy/parse-condition.js';

/**
 * D11: a condition is taken when it can be asked of the database as of a row in memory; what it may speak of is said by the
 * policy of the type that the permission is about. Of types that only other services know there are no rows to ask.
 */
export const watchPermission: Watch = async ({ guarding }, before) => {
  return async (after) => {
    if (before !== null || after.condition === null || after.condition === undefined) return;
    const model = allResources().find(({ resource }) => resource === after.resourceType)?.model;
    if (model === undefined)
      throw refused('rows of this type are not known here, and no condition of them');
    const { speakable } = guarding.decisions.policy(model);
    if (speakable === undefined) throw refused('no condition can be asked of rows of this type');
    const { issues = [] } = parseCondition(after.condition, speakable);
    if (issues.length > 0) {
      throw badInput(
        issues.map(({ path, message }) => ({ path: ['condition', ...path], message })),
      );
    }
  };
};

const refused = (message: string) => badInput([{ path: ['condition'], message }]);
