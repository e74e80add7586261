-- What a form's workflow gets besides what is filled in; it wins over that (D33).
ALTER TABLE form ADD COLUMN fixed_parameters jsonb NOT NULL DEFAULT '{}';
-- A page of forms is weighed by both.
ALTER TABLE form DROP COLUMN content_bytes;
ALTER TABLE form ADD COLUMN content_bytes integer NOT NULL
  GENERATED ALWAYS AS (octet_length(fields::text) + octet_length(fixed_parameters::text)) STORED;
