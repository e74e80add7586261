import { randomUUID } from 'node:crypto';

interface Of {
  readonly organizationId: string;
  readonly scopeId: string;
  readonly userId: string;
  readonly workflowId: string;
}

/** An execution as it is launched, by its columns. */
export function executionRow({ organizationId, scopeId, userId, workflowId }: Of) {
  const id = randomUUID();
  return {
    id,
    kind: 'WORKFLOW',
    trigger: 'API',
    workflow_id: workflowId,
    target_name: 'w',
    target_version: 1,
    root_id: id,
    launcher_kind: 'USER',
    created_by_id: userId,
    owner_id: userId,
    organization_id: organizationId,
    scope_id: scopeId,
  };
}
