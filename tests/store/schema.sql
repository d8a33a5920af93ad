-- schema version 7

CREATE TABLE area ( oid INTEGER NOT NULL, uid TEXT NOT NULL, code TEXT, name TEXT NOT NULL, level TEXT NOT NULL, parent TEXT, land TEXT NOT NULL, kind TEXT NOT NULL, area_class TEXT, exclusive_type TEXT, is_divided BOOLEAN NOT NULL, households_typed INTEGER, households_as_of TEXT, is_stale BOOLEAN NOT NULL, cell TEXT, four_bounds TEXT, note TEXT, counts TEXT, is_bounds_stale BOOLEAN NOT NULL, valid_from TEXT, valid_to TEXT, revision INTEGER NOT NULL, PRIMARY KEY (oid) )

CREATE INDEX area_code ON area (code)

CREATE INDEX area_level ON area (level)

CREATE INDEX area_parent ON area (parent)

CREATE UNIQUE INDEX area_uid ON area (uid)

CREATE TABLE border ( id INTEGER NOT NULL, points BLOB NOT NULL, "left" INTEGER NOT NULL, "right" INTEGER NOT NULL, revision INTEGER NOT NULL, PRIMARY KEY (id) )

CREATE TABLE exempt_land ( oid INTEGER NOT NULL, uid TEXT NOT NULL, reason TEXT NOT NULL, approver TEXT NOT NULL, until TEXT, name TEXT, since TEXT, revision INTEGER NOT NULL, PRIMARY KEY (oid) )

CREATE UNIQUE INDEX exempt_land_uid ON exempt_land (uid)

CREATE TABLE dispute ( uid TEXT NOT NULL, claims TEXT NOT NULL, kind TEXT NOT NULL, revision INTEGER NOT NULL, PRIMARY KEY (uid) )

CREATE TABLE stacked_part ( uid TEXT NOT NULL, area TEXT NOT NULL, building TEXT NOT NULL, entrance TEXT, floor_from INTEGER, floor_to INTEGER, revision INTEGER NOT NULL, PRIMARY KEY (uid) )

CREATE INDEX stacked_part_area ON stacked_part (area)

CREATE TABLE building ( uid TEXT NOT NULL, x_mm INTEGER NOT NULL, y_mm INTEGER NOT NULL, households INTEGER NOT NULL, floors INTEGER, name TEXT, address TEXT, compound TEXT, footprint BLOB, revision INTEGER NOT NULL, source_id TEXT, PRIMARY KEY (uid) )

CREATE TABLE entrance ( uid TEXT NOT NULL, building TEXT NOT NULL, name TEXT NOT NULL, households INTEGER NOT NULL, revision INTEGER NOT NULL, PRIMARY KEY (uid) )

CREATE INDEX entrance_building ON entrance (building)

CREATE TABLE compound ( uid TEXT NOT NULL, name TEXT NOT NULL, compound_type TEXT, has_property_company BOOLEAN, outline BLOB, revision INTEGER NOT NULL, source_id TEXT, PRIMARY KEY (uid) )

CREATE TABLE line_object ( uid TEXT NOT NULL, kind TEXT NOT NULL, name TEXT, road_class TEXT, line BLOB, revision INTEGER NOT NULL, source_id TEXT, PRIMARY KEY (uid) )

CREATE TABLE point_object ( uid TEXT NOT NULL, kind TEXT NOT NULL, name TEXT, area TEXT, x_mm INTEGER, y_mm INTEGER, revision INTEGER NOT NULL, PRIMARY KEY (uid) )

CREATE TABLE code_period ( uid TEXT NOT NULL, area TEXT NOT NULL, code TEXT NOT NULL, valid_from TEXT NOT NULL, valid_to TEXT, revision INTEGER NOT NULL, PRIMARY KEY (uid) )

CREATE INDEX code_period_area ON code_period (area)

CREATE INDEX code_period_code ON code_period (code)

CREATE TABLE lineage ( uid TEXT NOT NULL, predecessor TEXT NOT NULL, successor TEXT NOT NULL, kind TEXT NOT NULL, household_share FLOAT, date TEXT, document TEXT, revision INTEGER NOT NULL, PRIMARY KEY (uid) )

CREATE INDEX lineage_predecessor ON lineage (predecessor)

CREATE INDEX lineage_successor ON lineage (successor)

CREATE TABLE reference_outline ( uid TEXT NOT NULL, area TEXT NOT NULL, outline BLOB NOT NULL, source TEXT NOT NULL, sha256 TEXT NOT NULL, date TEXT, document TEXT, revision INTEGER NOT NULL, PRIMARY KEY (uid) )

CREATE INDEX reference_outline_area ON reference_outline (area)

CREATE TABLE grouping ( uid TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, note TEXT, revision INTEGER NOT NULL, PRIMARY KEY (uid) )

CREATE TABLE grouping_member ( uid TEXT NOT NULL, grouping TEXT NOT NULL, member_kind TEXT NOT NULL, member TEXT NOT NULL, role TEXT, revision INTEGER NOT NULL, PRIMARY KEY (uid) )

CREATE INDEX grouping_member_grouping ON grouping_member (grouping)

CREATE TABLE border_lock ( uid TEXT NOT NULL, scope TEXT NOT NULL, target TEXT NOT NULL, reason TEXT NOT NULL, author TEXT NOT NULL, since TEXT NOT NULL, revision INTEGER NOT NULL, PRIMARY KEY (uid) )

CREATE TABLE issue_mark ( uid TEXT NOT NULL, state TEXT NOT NULL, kind TEXT NOT NULL, level TEXT NOT NULL, areas TEXT NOT NULL, x FLOAT, y FLOAT, reason TEXT, name TEXT, until TEXT, since TEXT, revision INTEGER NOT NULL, PRIMARY KEY (uid) )

CREATE TABLE "plan" ( uid TEXT NOT NULL, name TEXT NOT NULL, base_release INTEGER, state TEXT NOT NULL, document TEXT, opened TEXT, checked TEXT, approved TEXT, in_force TEXT, is_open BOOLEAN NOT NULL, base_revision INTEGER, author TEXT, reason TEXT, allowed TEXT, revision INTEGER NOT NULL, PRIMARY KEY (uid) )

CREATE TABLE release ( uid TEXT NOT NULL, number INTEGER NOT NULL, at_revision INTEGER NOT NULL, date TEXT NOT NULL, author TEXT NOT NULL, sha256 TEXT NOT NULL, note TEXT, "plan" TEXT, made_at TEXT NOT NULL, partition_sha256 TEXT NOT NULL, people_sha256 TEXT NOT NULL, certificate TEXT NOT NULL, allowed TEXT NOT NULL, revision INTEGER NOT NULL, PRIMARY KEY (uid) )

CREATE TABLE context ( uid TEXT NOT NULL, name TEXT NOT NULL, outline BLOB NOT NULL, level TEXT, code TEXT, revision INTEGER NOT NULL, PRIMARY KEY (uid) )

CREATE TABLE setting ( uid TEXT NOT NULL, value TEXT NOT NULL, revision INTEGER NOT NULL, PRIMARY KEY (uid) )

CREATE TABLE person ( uid TEXT NOT NULL, name TEXT NOT NULL, staff_number TEXT, organization TEXT, job_title TEXT, rank TEXT, gender TEXT, political_status TEXT, certificate_level TEXT, roster_kind TEXT, recruited_from TEXT, is_full_time BOOLEAN, duty_phone TEXT, own_phone TEXT, note TEXT, valid_from TEXT, valid_to TEXT, revision INTEGER NOT NULL, PRIMARY KEY (uid) )

CREATE INDEX person_organization ON person (organization)

CREATE TABLE organization ( uid TEXT NOT NULL, name TEXT NOT NULL, code TEXT, kind TEXT, parent TEXT, area TEXT, contact TEXT, mode TEXT, sort_order INTEGER, note TEXT, valid_from TEXT, valid_to TEXT, revision INTEGER NOT NULL, PRIMARY KEY (uid) )

CREATE TABLE headcount ( uid TEXT NOT NULL, organization TEXT NOT NULL, officials INTEGER NOT NULL, quota INTEGER, as_of TEXT, revision INTEGER NOT NULL, PRIMARY KEY (uid) )

CREATE TABLE post_seat ( uid TEXT NOT NULL, anchor_kind TEXT NOT NULL, anchor TEXT NOT NULL, post TEXT NOT NULL, seats INTEGER NOT NULL, note TEXT, revision INTEGER NOT NULL, PRIMARY KEY (uid) )

CREATE INDEX post_seat_anchor ON post_seat (anchor)

CREATE TABLE assignment ( uid TEXT NOT NULL, person TEXT NOT NULL, anchor_kind TEXT NOT NULL, anchor TEXT NOT NULL, post TEXT NOT NULL, mode TEXT, role TEXT, batch TEXT, sending_organization TEXT, is_locked BOOLEAN NOT NULL, document TEXT, valid_from TEXT, valid_to TEXT, revision INTEGER NOT NULL, PRIMARY KEY (uid) )

CREATE INDEX assignment_anchor ON assignment (anchor)

CREATE INDEX assignment_person ON assignment (person)

CREATE TABLE pairing ( uid TEXT NOT NULL, organization TEXT NOT NULL, anchor_kind TEXT NOT NULL, anchor TEXT NOT NULL, kind TEXT NOT NULL, mode TEXT, document TEXT, valid_from TEXT, valid_to TEXT, revision INTEGER NOT NULL, PRIMARY KEY (uid) )

CREATE INDEX pairing_anchor ON pairing (anchor)

CREATE INDEX pairing_organization ON pairing (organization)

CREATE TABLE agreement ( uid TEXT NOT NULL, community_organization TEXT NOT NULL, unit TEXT NOT NULL, items INTEGER NOT NULL, date TEXT, note TEXT, revision INTEGER NOT NULL, PRIMARY KEY (uid) )

CREATE TABLE party_node ( uid TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL, branch_type TEXT, parent TEXT, area TEXT, secretary TEXT, households_linked INTEGER, mode TEXT, valid_from TEXT, valid_to TEXT, revision INTEGER NOT NULL, PRIMARY KEY (uid) )

CREATE INDEX party_node_area ON party_node (area)

CREATE TABLE team ( uid TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL, anchor_kind TEXT NOT NULL, anchor TEXT NOT NULL, mode TEXT, valid_from TEXT, valid_to TEXT, revision INTEGER NOT NULL, PRIMARY KEY (uid) )

CREATE TABLE team_member ( uid TEXT NOT NULL, team TEXT NOT NULL, person TEXT NOT NULL, role TEXT, revision INTEGER NOT NULL, PRIMARY KEY (uid) )

CREATE INDEX team_member_person ON team_member (person)

CREATE INDEX team_member_team ON team_member (team)

CREATE TABLE registration_count ( uid TEXT NOT NULL, area TEXT NOT NULL, channel TEXT NOT NULL, persons INTEGER NOT NULL, as_of TEXT, revision INTEGER NOT NULL, PRIMARY KEY (uid) )

CREATE TABLE mode_switch ( uid TEXT NOT NULL, mode TEXT NOT NULL, since TEXT NOT NULL, author TEXT NOT NULL, note TEXT, revision INTEGER NOT NULL, PRIMARY KEY (uid) )

CREATE TABLE land ( oid INTEGER NOT NULL, geom MULTIPOLYGON NOT NULL, PRIMARY KEY (oid) )

CREATE TABLE change_log ( revision INTEGER NOT NULL, gesture TEXT NOT NULL, kind TEXT NOT NULL, author TEXT NOT NULL, time TEXT NOT NULL, note TEXT NOT NULL, undid INTEGER, redid INTEGER, parent_revision INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY (revision) )

CREATE TABLE meta ( "key" TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY ("key") )

CREATE TABLE export_note ( uid TEXT NOT NULL, time TEXT NOT NULL, author TEXT NOT NULL, profile TEXT NOT NULL, what TEXT NOT NULL, file TEXT NOT NULL, count INTEGER NOT NULL, fields TEXT NOT NULL, PRIMARY KEY (uid) )

CREATE TABLE delivery ( uid TEXT NOT NULL, release INTEGER NOT NULL, target TEXT NOT NULL, url TEXT NOT NULL, profile TEXT NOT NULL, file TEXT NOT NULL, size INTEGER NOT NULL, sha256 TEXT NOT NULL, author TEXT NOT NULL, started TEXT NOT NULL, changed TEXT NOT NULL, state TEXT NOT NULL, code TEXT NOT NULL, sentence TEXT NOT NULL, PRIMARY KEY (uid) )
