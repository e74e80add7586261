import type { Session } from '../commands/session.js';
import type { Row } from '../data/prisma/reader.js';

/** What a data provider is asked, by whom, and where. */
interface Asked {
  /** The data provider. */
  readonly target: Row;
  readonly input: Readonly<Record<string, unknown>>;
  readonly organizationId: string;
  readonly scopeId: string;
  readonly launcherKind: string;
  readonly launcherKeyId: string | null;
  readonly createdById: string | null;
}

/**
 * What the same launcher has asked of the same version of a data provider, with the same input in the same place (D27): what
 * waits or runs still, or succeeded no longer ago than the provider's `cacheSeconds`.
 *
 * INVARIANT: it is an execution of that very launcher, who may read it (D31): nothing is answered to one that another asked.
 * There is no other cache than these rows, and so none that grows in memory or that another gateway has not.
 */
export async function sameAsked({ tx }: Session, asked: Asked): Promise<Row | null> {
  const { target, organizationId, scopeId, launcherKind, launcherKeyId, createdById } = asked;
  const input = JSON.stringify(asked.input);
  const [found] = await tx.$queryRaw<Row[]>`
    SELECT id::text FROM execution
    WHERE kind = 'DATA_PROVIDER' AND workflow_id = ${target.id}::text::uuid AND scope_id = ${scopeId}::text::uuid
      AND md5(input::text) = md5(${input}::jsonb::text) AND input = ${input}::jsonb
      AND organization_id = ${organizationId}::text::uuid AND target_version = ${target.version}::int
      AND launcher_kind = ${launcherKind} AND launcher_key_id IS NOT DISTINCT FROM ${launcherKeyId}::text::uuid
      AND created_by_id IS NOT DISTINCT FROM ${createdById}::text::uuid
      AND (status IN ('QUEUED', 'RUNNING') OR (status = 'SUCCEEDED'
        AND finished_at > statement_timestamp() - make_interval(secs => ${target.cacheSeconds}::int)))
    ORDER BY created_at DESC LIMIT 1`;
  return found ?? null;
}
