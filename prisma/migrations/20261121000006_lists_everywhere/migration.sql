-- Lists over all organizations (D4), in the order that they have unless a caller says otherwise.
-- Without these each page sorts the whole table: 37,000 pages read for 50 forms of half a million.
DO $$
DECLARE
  kind text[];
BEGIN
  -- Of these the global rows are a list of their own, so that each of the two is read in order.
  FOREACH kind SLICE 1 IN ARRAY ARRAY[['form', 'name'], ['workflow', 'name'], ['agent', 'name'],
    ['app', 'name'], ['config', 'key'], ['role', 'name'], ['permission', 'key'], ['scope', 'name']]
  LOOP
    EXECUTE format('CREATE INDEX %I ON %I (%I, id) WHERE organization_id IS NOT NULL',
      kind[1] || '_everywhere_' || kind[2] || '_idx', kind[1], kind[2]);
  END LOOP;
END $$;

CREATE INDEX "user_name_id_idx" ON "user"("name", "id");
CREATE INDEX "team_name_id_idx" ON "team"("name", "id");
