import type { Session } from '../commands/session.js';
import { conflict } from '../errors.js';

/** How an execution refers to what ran. */
type By = 'workflowId' | 'agentId' | 'formId' | 'appId';

/**
 * What has run is not deleted before its executions are, by retention (D31): whoever may delete it is told why not.
 *
 * @throws DomainError CONFLICT
 */
export const assertHasNotRun =
  (by: By) =>
  async ({ tx }: Session, id: string): Promise<void> => {
    const ran = await tx.execution.findFirst({ where: { [by]: id }, select: { id: true } });
    if (ran === null) return;
    throw conflict('it has run: make it inactive, and delete it when its executions are gone');
  };
