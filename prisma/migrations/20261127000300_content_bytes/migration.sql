-- How long the one column of a row is that may be of any length (JSON, or an agent's instructions), so that a
-- page of rows can be weighed before any of it is read. In bytes of its text, as it goes over the wire.
ALTER TABLE organization ADD COLUMN content_bytes integer NOT NULL
  GENERATED ALWAYS AS (octet_length(settings::text)) STORED;
ALTER TABLE scope ADD COLUMN content_bytes integer NOT NULL
  GENERATED ALWAYS AS (octet_length(meta::text)) STORED;
ALTER TABLE permission ADD COLUMN content_bytes integer NOT NULL
  GENERATED ALWAYS AS (coalesce(octet_length(condition::text), 0)) STORED;
ALTER TABLE form ADD COLUMN content_bytes integer NOT NULL
  GENERATED ALWAYS AS (octet_length(fields::text)) STORED;
ALTER TABLE workflow ADD COLUMN content_bytes integer NOT NULL
  GENERATED ALWAYS AS (octet_length(parameters::text)) STORED;
ALTER TABLE agent ADD COLUMN content_bytes integer NOT NULL
  GENERATED ALWAYS AS (octet_length(instructions)) STORED;
ALTER TABLE app ADD COLUMN content_bytes integer NOT NULL
  GENERATED ALWAYS AS (octet_length(bundle::text)) STORED;
ALTER TABLE config ADD COLUMN content_bytes integer NOT NULL
  GENERATED ALWAYS AS (coalesce(octet_length(value::text), 0)) STORED;
