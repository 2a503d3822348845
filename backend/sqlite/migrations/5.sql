-- The register of Bookring, version 5: a list of Xero's that was understood in part.

DROP VIEW listed;
DROP VIEW reach;

-- trouble: a list understood in part is no trouble of the connections in the list.
CREATE VIEW reach AS
SELECT c.organisation,
       c.removed_at IS NOT NULL OR c.left_at IS NOT NULL AS gone,
       c.left_at IS NOT NULL AS disconnected,
       c.left_at IS NOT NULL AND c.removed_at IS NULL AS untold,
       s.ended_at IS NOT NULL AS ended,
       iif(s.trouble = 'xero-partly-read' AND c.seen_at >= s.checked_at, '', s.trouble) AS trouble,
       s.signed_in_at, s.key, s.name, s.name_key
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
