-- The register of Bookring, version 3: until when a sign-in is kept, and why it ended.

-- When its key was last renewed; NULL is not known, of one that is older than
-- this column.
ALTER TABLE sign_ins ADD COLUMN renewed_at INTEGER;

-- How many days before its end was last told of, since then; 0 is never.
ALTER TABLE sign_ins ADD COLUMN told_days INTEGER NOT NULL DEFAULT 0;

ALTER TABLE sign_ins ADD COLUMN ending TEXT NOT NULL DEFAULT '';
