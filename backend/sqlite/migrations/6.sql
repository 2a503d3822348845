-- The register of Bookring, version 6: a key of each name for search.

ALTER TABLE organisations ADD COLUMN search_key TEXT NOT NULL DEFAULT '';

-- The version of the rule that made search_key; 0 is no key yet. The program
-- makes the keys of other versions anew, in small steps.
ALTER TABLE organisations ADD COLUMN search_version INTEGER NOT NULL DEFAULT 0;

DROP VIEW listed;

-- standing: 0 sign in again, 1 removed, 2 no access, 3 not checked, 4 connected,
-- 5 disconnected.
CREATE VIEW listed AS
SELECT o.key, o.id, o.name, o.name_key, o.search_key, o.search_version, o.last_checked_at, o.country, o.currency,
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
