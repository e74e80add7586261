/** The registry: every resource's part of the schema. Importing it builds the types. */
import './agent/agent.graphql.js';
import './app/app.graphql.js';
import './config/config.graphql.js';
import './form/form.graphql.js';
import './node/node.graphql.js';
import './organization/organization.graphql.js';
import './permission/permission.graphql.js';
import './role/role.graphql.js';
import './scope/scope.graphql.js';
import './scope-type/scope-type.graphql.js';
import './team/team.graphql.js';
import './user/user.graphql.js';
import './viewer/viewer.graphql.js';
import './workflow/workflow.graphql.js';
