-- The contents of a register of version 1, for the tests of migrations.
INSERT INTO sign_ins VALUES
    (1, 'https://identity.xero.com', 'client', 'anna', 'Anna Lee', 'anna lee', 'anna@example.com', 0, 1795348800000, NULL),
    (2, 'https://identity.xero.com', 'client', 'ben', 'Ben Ito', 'ben ito', 'ben@example.com', 0, 1795348860000, 1795348900000);
INSERT INTO organisations VALUES
    (1, 'bakery', 'Bakery', 'bakery', 1, 1795348800000, 'NZ', 'NZD', 1795348800000, NULL),
    (2, 'cafe', 'Cafe', 'cafe', 1, 1795348800000, '', '', NULL, 1795348800000),
    (3, 'deli', 'Deli', 'deli', 1, 1795348800000, '', '', NULL, NULL),
    (4, 'eatery', 'Eatery', 'eatery', 1, 1795348800000, '', '', NULL, NULL);
INSERT INTO connections VALUES
    (1, 1, 'x1', 'e', 1, 1, 1795348800000, NULL),
    (2, 1, 'x2', 'e', 1, 1, 1795348800000, NULL),
    (3, 2, 'x3', 'e', 1, 1, 1795348800000, NULL),
    (4, 1, 'x4', 'e', 1, 1, 1795348800000, 1795348800000);
INSERT INTO history (at, kind, organisation, name, user_name) VALUES (1, 'connected', 'bakery', 'Bakery', 'Anna Lee');
INSERT INTO settings VALUES ('client-id', 'c0ffee');
PRAGMA user_version = 1;
