-- D48: what has ended is swept away by a job, the earliest first. Few rows end by themselves.

CREATE INDEX "membership_expires_at_idx" ON "membership" ("expires_at") WHERE "expires_at" IS NOT NULL;
CREATE INDEX "role_assignment_expires_at_idx" ON "role_assignment" ("expires_at") WHERE "expires_at" IS NOT NULL;
