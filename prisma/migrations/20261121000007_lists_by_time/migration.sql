-- Lists by time, the newest first or last. Without these each page sorts the whole organization.
DO $$
DECLARE
  resource text;
  stamp text;
BEGIN
  FOREACH resource IN ARRAY ARRAY['form', 'workflow', 'agent', 'app', 'config'] LOOP
    FOREACH stamp IN ARRAY ARRAY['created_at', 'updated_at'] LOOP
      EXECUTE format('CREATE INDEX %I ON %I (organization_id, %I, id) WHERE organization_id IS NOT NULL',
        resource || '_' || stamp || '_idx', resource, stamp);
      EXECUTE format('CREATE INDEX %I ON %I (%I, id) WHERE organization_id IS NULL',
        resource || '_global_' || stamp || '_idx', resource, stamp);
    END LOOP;
  END LOOP;
END $$;
