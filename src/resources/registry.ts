/**
 * The registry: one line a resource. A model that is missing here keeps the gateway from starting.
 */
import { internal, policiesOf } from '../graphql/policies-of.js';
import { allResources } from '../graphql/registry.js';
import type { Policy } from '../policy/define-policy.js';
import type { DataModel } from '../query/data-model.js';
import './agent/agent.graphql.js';
import './app/app.graphql.js';
import './app/launch-app.graphql.js';
import './audit-entry/audit-entry.graphql.js';
import './changes/changed.graphql.js';
import './config/config.graphql.js';
import './conversation/conversation.graphql.js';
import './decisions/accessible.graphql.js';
import './decisions/check.graphql.js';
import './decisions/effective.graphql.js';
import './decisions/explain.graphql.js';
import './decisions/with-access.graphql.js';
import './execution/execution.graphql.js';
import './execution/form-options.graphql.js';
import './execution/launching.graphql.js';
import './form/form.graphql.js';
import './key/keys.graphql.js';
import './membership/membership.graphql.js';
import './node/node.graphql.js';
import './organization/organization.graphql.js';
import './permission/permission.graphql.js';
import './role/role.graphql.js';
import './schedule/schedule.graphql.js';
import './scope/scope.graphql.js';
import './scope-override/scope-override.graphql.js';
import './scope-type/scope-type.graphql.js';
import './team/team.graphql.js';
import './unowned/unowned.graphql.js';
import './user/user.graphql.js';
import './viewer/viewer.graphql.js';
import './worker/worker.graphql.js';
import './workflow/workflow.graphql.js';

/** The policies of all models. */
export function declaredPolicies(dataModel: DataModel): readonly Policy[] {
  return [
    ...policiesOf(dataModel, allResources()),
    internal('UserIdentity', 'who signs in as whom is for the identity room alone'),
    internal('ScheduleFiring', 'which due times have fired is for the job alone that fires (D36)'),
    internal('Change', 'what was changed is told by subscriptions alone, decided for each'),
    internal('ChangeSweep', 'up to where changes have been swept is for who reads them alone'),
    internal('AuditPlace', 'where scopes were is for the policy of the record alone (D19)'),
  ];
}
