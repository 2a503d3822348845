-- The register of Bookring, version 7: what the history no longer holds.

-- Whether the history keeps the name of a forgotten organisation. Before this version
-- every request to forget promised to keep the history.
ALTER TABLE organisations ADD COLUMN name_kept INTEGER NOT NULL DEFAULT 0;
UPDATE organisations SET name_kept = 1 WHERE forgotten_at IS NOT NULL;

DROP TRIGGER history_is_not_rewritten;
DROP TRIGGER history_is_not_deleted;

CREATE INDEX history_by_time ON history (at);
CREATE INDEX history_by_organisation ON history (organisation) WHERE organisation <> '';
CREATE INDEX history_renewed ON history (user_id, at) WHERE kind = 'renewed';

-- One renewal for each sign-in and day is enough.
DELETE FROM history WHERE kind = 'renewed' AND key NOT IN (
    SELECT max(key) FROM history WHERE kind = 'renewed' GROUP BY user_id, at / 86400000);

-- Only the names of an organisation that is no longer in the list may disappear.
CREATE TRIGGER history_is_not_rewritten BEFORE UPDATE ON history
WHEN NOT (NEW.name = '' AND NEW.was = '' AND OLD.organisation <> ''
    AND NEW.key = OLD.key AND NEW.at = OLD.at AND NEW.kind = OLD.kind AND NEW.organisation = OLD.organisation
    AND NEW.user_id = OLD.user_id AND NEW.user_name = OLD.user_name
    AND NOT EXISTS (SELECT 1 FROM organisations o WHERE o.id = OLD.organisation))
BEGIN SELECT raise(ABORT, 'history is only added to'); END;

-- Only renewals more than 731 days older than the last entry may be deleted.
CREATE TRIGGER history_is_not_deleted BEFORE DELETE ON history
WHEN NOT (OLD.kind = 'renewed' AND OLD.at < (SELECT max(at) FROM history) - 731 * 86400000)
BEGIN SELECT raise(ABORT, 'history is only added to'); END;
