-- What a form's workflow gets besides what is filled in; it wins over that (D33).
ALTER TABLE form ADD COLUMN fixed_parameters jsonb NOT NULL DEFAULT '{}';
