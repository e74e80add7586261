import type { Apart } from '../request/apart.js';
import type { Reach } from './worker.js';

/** What is asked of the queue. */
export interface Asked {
  readonly queues: readonly string[];
  readonly max: number;
  readonly reach: Reach;
  /** So many of an organization's run at once, at most. */
  readonly perOrganization: number;
}

/** An execution that can be claimed, locked. */
export interface Queued {
  readonly id: string;
  readonly kind: string;
  readonly workflowId: string | null;
  readonly agentId: string | null;
  readonly formId: string | null;
  readonly appId: string | null;
  readonly parentId: string | null;
  readonly scheduleId: string | null;
  readonly launcherKind: string;
  readonly launcherKeyId: string | null;
  readonly createdById: string | null;
  readonly organizationId: string;
  readonly scopeId: string;
  readonly attempt: number;
  readonly timeoutSeconds: number;
  /** How long its input is, as JSON. */
  readonly inputBytes: number;
  /** The chain of its place, nearest first, with the platform's root. */
  readonly path: readonly string[];
  readonly isOpen: boolean;
}

/**
 * What is to be claimed next (D34): the oldest of each organization in turn, of those that the worker reaches, and no more of
 * one than may run at once. The rows stay locked; those that others have locked are passed by.
 *
 * INVARIANT: who claims of an organization has its lock, so that what runs there is counted by one at a time.
 */
export async function nextOf({ tx }: Pick<Apart, 'tx'>, asked: Asked): Promise<Queued[]> {
  const { max, reach, perOrganization } = asked;
  const places = await placesOf(tx, asked);
  if (places.length === 0) return [];
  const organizations = places.map(({ id }) => id);
  await tx.$queryRaw`
    SELECT pg_advisory_xact_lock(h)::text FROM (
      SELECT DISTINCT hashtextextended('heimdall claims ' || o, 0) AS h FROM unnest(${organizations}::text[]) o ORDER BY h) s`;
  const at = places.flatMap(({ id, queues, scopeIds }) =>
    scopeIds.map((scopeId, index) => ({ id, queue: String(queues[index]), scopeId })),
  );
  const grants = JSON.stringify(reach.grants);
  return tx.$queryRaw<Queued[]>`
    WITH waiting AS (
      SELECT c.id, c.due, r.running + row_number() OVER (PARTITION BY p.organization ORDER BY c.due, c.id) AS turn
      FROM unnest(${at.map(({ id }) => id)}::text[]::uuid[], ${at.map(({ queue }) => queue)}::text[],
        ${at.map(({ scopeId }) => scopeId)}::text[]::uuid[]) p (organization, queue, scope)
      JOIN LATERAL (SELECT count(*) AS running FROM execution r
        WHERE r.organization_id = p.organization AND r.status IN ('RUNNING', 'CANCELLING')) r ON true
      CROSS JOIN LATERAL (
        SELECT e.id, coalesce(e.not_before, e.created_at) AS due FROM execution e
        WHERE e.organization_id = p.organization AND e.status = 'QUEUED' AND e.queue = p.queue AND e.scope_id = p.scope
          AND coalesce(e.not_before, e.created_at) <= statement_timestamp()
          AND (${reach.everywhere}::boolean OR heimdall_works_at(${grants}::jsonb, e.governed_by))
        ORDER BY coalesce(e.not_before, e.created_at), e.id LIMIT ${max}::int) c
    )
    SELECT e.id::text, e.kind, e.workflow_id::text AS "workflowId", e.agent_id::text AS "agentId",
      e.form_id::text AS "formId", e.app_id::text AS "appId", e.parent_id::text AS "parentId",
      e.schedule_id::text AS "scheduleId", e.launcher_kind AS "launcherKind",
      e.launcher_key_id::text AS "launcherKeyId", e.created_by_id::text AS "createdById",
      e.organization_id::text AS "organizationId", e.scope_id::text AS "scopeId", e.attempt,
      e.timeout_seconds AS "timeoutSeconds", octet_length(e.input::text) AS "inputBytes",
      ARRAY(SELECT a::text FROM unnest(s.path) WITH ORDINALITY u (a, n) ORDER BY n) AS path, g.is_active AS "isOpen"
    FROM waiting w
    JOIN execution e ON e.id = w.id
    JOIN scope s ON s.id = e.scope_id
    JOIN organization g ON g.id = e.organization_id
    WHERE e.status = 'QUEUED' AND w.turn <= ${perOrganization}::int
    ORDER BY w.turn, w.due, e.id LIMIT ${max}::int
    FOR UPDATE OF e SKIP LOCKED`;
}

/** Where there is something to be claimed: an organization, and its queues and scopes in pairs. */
interface Places {
  readonly id: string;
  readonly queues: readonly string[];
  readonly scopeIds: readonly string[];
}

/**
 * The organizations whose turn it is, and where in them something is due: found by walking an index from one place to the next, so
 * that of each no more than its first row is read (it is ordered by as much as that index alone has: of the other indexes any would
 * seem to do). Who does not work everywhere walks the organizations of their grants alone.
 */
function placesOf(
  tx: Apart['tx'],
  { queues, max, reach, perOrganization }: Asked,
): Promise<Places[]> {
  const grants = JSON.stringify(reach.grants);
  const granted = [...new Set(reach.grants.flatMap(({ scopeIds }) => [...scopeIds]))];
  return tx.$queryRaw<Places[]>`
    WITH RECURSIVE wide AS MATERIALIZED (
      SELECT ${reach.everywhere}::boolean OR EXISTS (
        SELECT FROM scope WHERE id = ANY (${granted}::text[]::uuid[]) AND organization_id IS NULL) AS so
    ), every AS (
      (SELECT organization_id AS id FROM execution WHERE status = 'QUEUED' AND (SELECT so FROM wide)
        ORDER BY organization_id, queue LIMIT 1)
      UNION ALL
      SELECT (SELECT e.organization_id FROM execution e WHERE e.status = 'QUEUED' AND e.organization_id > o.id
        ORDER BY e.organization_id, e.queue LIMIT 1)
      FROM every o WHERE o.id IS NOT NULL
    ), o AS (
      SELECT id FROM every WHERE id IS NOT NULL
      UNION
      SELECT organization_id FROM scope
      WHERE id = ANY (${granted}::text[]::uuid[]) AND NOT (SELECT so FROM wide)
    ), due AS (
      SELECT o.id, array_agg(q.queue) AS queues, array_agg(s.id::text) AS scopes, min(first.due) AS due
      FROM o
      CROSS JOIN (SELECT DISTINCT q FROM unnest(${[...queues]}::text[]) u (q)) q (queue)
      CROSS JOIN LATERAL (
        WITH RECURSIVE at AS (
          (SELECT e.scope_id FROM execution e
            WHERE e.status = 'QUEUED' AND e.organization_id = o.id AND e.queue = q.queue ORDER BY e.scope_id, coalesce(e.not_before, e.created_at), e.id LIMIT 1)
          UNION ALL
          SELECT (SELECT e.scope_id FROM execution e WHERE e.status = 'QUEUED' AND e.organization_id = o.id
            AND e.queue = q.queue AND e.scope_id > at.scope_id ORDER BY e.scope_id, coalesce(e.not_before, e.created_at), e.id LIMIT 1)
          FROM at WHERE at.scope_id IS NOT NULL
        ) SELECT scope_id FROM at WHERE scope_id IS NOT NULL) at
      JOIN scope s ON s.id = at.scope_id
        AND (${reach.everywhere}::boolean OR heimdall_works_at(${grants}::jsonb, s.inherits_from))
      CROSS JOIN LATERAL (
        SELECT coalesce(e.not_before, e.created_at) AS due FROM execution e
        WHERE e.organization_id = o.id AND e.status = 'QUEUED' AND e.queue = q.queue AND e.scope_id = s.id
          AND coalesce(e.not_before, e.created_at) <= statement_timestamp()
        ORDER BY coalesce(e.not_before, e.created_at), e.id LIMIT 1) first
      GROUP BY o.id
    )
    SELECT d.id::text, d.queues, d.scopes AS "scopeIds" FROM due d
    WHERE (SELECT count(*) FROM execution r
      WHERE r.organization_id = d.id AND r.status IN ('RUNNING', 'CANCELLING')) < ${perOrganization}::int
    ORDER BY d.due LIMIT ${max}::int`;
}
