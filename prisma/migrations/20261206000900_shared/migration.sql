-- What several gateways on one database know together (issue 16): who has asked how often, and documents by their hashes. Neither
-- is what anybody's authority is read from.

-- Counted anew after a crash, and not on a replica: losing it lets somebody ask sooner.
CREATE UNLOGGED TABLE "rate_limit" (
    "key" TEXT COLLATE "C" NOT NULL,
    "points" INTEGER NOT NULL DEFAULT 0,
    "expire" BIGINT,

    CONSTRAINT "rate_limit_pkey" PRIMARY KEY ("key")
);
CREATE INDEX "rate_limit_expire_idx" ON "rate_limit" ("expire");
COMMENT ON TABLE "rate_limit" IS
  'Issue 16: how often a principal or an address, known by its hash, has asked since a moment, until the time that "expire" says';

CREATE TABLE "persisted_query" (
    "hash" TEXT COLLATE "C" NOT NULL,
    "document" TEXT COLLATE "C" NOT NULL,
    "kept_at" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),

    CONSTRAINT "persisted_query_pkey" PRIMARY KEY ("hash"),
    CONSTRAINT "persisted_query_check" CHECK ("hash" = encode(sha256(convert_to("document", 'UTF8')), 'hex'))
);
CREATE INDEX "persisted_query_kept_at_idx" ON "persisted_query" ("kept_at");
COMMENT ON TABLE "persisted_query" IS
  'Issue 16: documents that callers with a credential have sent together with their SHA-256, so that the hash alone is enough';
SELECT heimdall_bound_moments('persisted_query');
