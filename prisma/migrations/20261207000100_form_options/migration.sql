-- D27: what a launcher asked of a data provider lately is found by what it was asked, and answered again.
CREATE INDEX execution_asked_idx ON execution (workflow_id, scope_id, (md5(input::text)), created_at)
  WHERE kind = 'DATA_PROVIDER';
