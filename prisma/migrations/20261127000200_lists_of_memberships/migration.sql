-- Lists of memberships come by their ids: those of a tenant are found, and found in order, by one index.
CREATE INDEX "membership_organization_id_id_idx" ON "membership"("organization_id", "id");
DROP INDEX "membership_organization_id_idx";
