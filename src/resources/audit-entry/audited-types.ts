import type { RelationName } from '../../graphql/types.js';
import type { ResourceType } from '../../policy/vocabulary.js';

/**
 * The types whose rows the record can be followed to, and by which relation. Entries of another type are
 * for those alone who read the whole record of a place (D44).
 */
export const AUDITED_TYPES = {
  organization: 'aboutOrganization',
  user: 'aboutUser',
  team: 'aboutTeam',
  scopeType: 'aboutScopeType',
  scope: 'aboutScope',
  role: 'aboutRole',
  permission: 'aboutPermission',
  membership: 'aboutMembership',
  scopeOverride: 'aboutScopeOverride',
  form: 'aboutForm',
  workflow: 'aboutWorkflow',
  agent: 'aboutAgent',
  app: 'aboutApp',
  config: 'aboutConfig',
  virtualKey: 'aboutVirtualKey',
  apiKey: 'aboutApiKey',
  execution: 'aboutExecution',
  schedule: 'aboutSchedule',
} as const satisfies Partial<Record<ResourceType, RelationName<'AuditEntry'>>>;

export type AuditedType = keyof typeof AUDITED_TYPES;
