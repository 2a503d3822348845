-- The register of Bookring, version 4: what is disconnected here, on purpose.

-- When a person wanted it; Xero knows when removed_at is set too.
ALTER TABLE connections ADD COLUMN left_at INTEGER;

CREATE INDEX connections_left ON connections (organisation) WHERE left_at IS NOT NULL;
CREATE INDEX connections_untold ON connections (sign_in) WHERE left_at IS NOT NULL AND removed_at IS NULL;

-- When a person wanted it forgotten; done when the row is gone.
ALTER TABLE organisations ADD COLUMN forgotten_at INTEGER;

CREATE INDEX organisations_forgotten ON organisations (key) WHERE forgotten_at IS NOT NULL;

-- When a person wanted it let go, with all that it reaches, and when that was
-- done. Who was let go has ended too.
ALTER TABLE sign_ins ADD COLUMN leaving_at INTEGER;
ALTER TABLE sign_ins ADD COLUMN left_at INTEGER;

DROP VIEW listed;
DROP VIEW reach;
DROP VIEW tally;

CREATE VIEW reach AS
SELECT c.organisation,
       c.removed_at IS NOT NULL OR c.left_at IS NOT NULL AS gone,
       c.left_at IS NOT NULL AS disconnected,
       c.left_at IS NOT NULL AND c.removed_at IS NULL AS untold,
       s.ended_at IS NOT NULL AS ended,
       s.trouble, s.signed_in_at, s.key, s.name, s.name_key
FROM connections c JOIN sign_ins s ON s.key = c.sign_in;

-- standing: 0 sign in again, 1 removed, 2 no access, 3 not checked, 4 connected,
-- 5 disconnected.
CREATE VIEW listed AS
SELECT o.key, o.id, o.name, o.name_key, o.last_checked_at, o.country, o.currency,
       CASE
           WHEN EXISTS (SELECT 1 FROM reach r WHERE r.organisation = o.key AND NOT r.gone AND NOT r.ended AND r.trouble = '')
               THEN iif(o.refused_at IS NULL, 4, 2)
           WHEN EXISTS (SELECT 1 FROM reach r WHERE r.organisation = o.key AND NOT r.gone AND NOT r.ended)
               THEN iif(o.refused_at IS NULL, 3, 2)
           WHEN EXISTS (SELECT 1 FROM reach r WHERE r.organisation = o.key AND NOT r.gone)
               THEN 0
           WHEN EXISTS (SELECT 1 FROM reach r WHERE r.organisation = o.key AND r.disconnected)
               THEN 5
           ELSE 1
       END AS standing,
       (SELECT r.trouble FROM reach r WHERE r.organisation = o.key
        ORDER BY r.gone, r.ended, r.trouble <> '', r.signed_in_at DESC, r.key DESC LIMIT 1) AS trouble,
       (SELECT r.name_key FROM reach r WHERE r.organisation = o.key
        ORDER BY r.gone, r.ended, r.trouble <> '', r.signed_in_at DESC, r.key DESC LIMIT 1) AS carrier_key,
       (SELECT json_group_array(r.name ORDER BY r.ended, r.trouble <> '', r.signed_in_at DESC, r.key DESC)
        FROM reach r WHERE r.organisation = o.key
          AND r.gone = (SELECT min(x.gone) FROM reach x WHERE x.organisation = o.key)) AS sign_ins,
       -- What of a disconnected organisation is not done yet.
       CASE
           WHEN EXISTS (SELECT 1 FROM reach r WHERE r.organisation = o.key AND r.untold AND NOT r.ended)
               THEN iif(o.forgotten_at IS NULL, 'xero', 'forget')
           WHEN EXISTS (SELECT 1 FROM reach r WHERE r.organisation = o.key AND r.untold)
               THEN 'sign-in'
           ELSE ''
       END AS pending
FROM organisations o;

-- How many organisations there are, how many stand at 3 or 4, and how many at
-- 5: counted from the other side, which takes a third of the time of asking each.
CREATE VIEW tally AS
SELECT (SELECT count(*) FROM organisations) AS total,
       (SELECT count(DISTINCT c.organisation)
        FROM sign_ins s
            CROSS JOIN connections c ON c.sign_in = s.key
            CROSS JOIN organisations o ON o.key = c.organisation
        WHERE s.ended_at IS NULL AND c.removed_at IS NULL AND c.left_at IS NULL AND o.refused_at IS NULL) AS connected,
       (SELECT count(DISTINCT c.organisation) FROM connections c INDEXED BY connections_left
        WHERE c.left_at IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM connections x
            WHERE x.organisation = c.organisation AND x.removed_at IS NULL AND x.left_at IS NULL)) AS disconnected;
