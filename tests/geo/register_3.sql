
SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

CREATE SCHEMA old_register;

CREATE FUNCTION old_register.fold_accents(t text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  SELECT regexp_replace(
    normalize(translate(t, 'đĐ', 'dD'), NFD), '[\U00000300-\U0000034E\U00000350-\U0000036F\U00000483-\U00000487\U00000591-\U000005BD\U000005BF-\U000005BF\U000005C1-\U000005C2\U000005C4-\U000005C5\U000005C7-\U000005C7\U00000610-\U0000061A\U0000064B-\U0000065F\U00000670-\U00000670\U000006D6-\U000006DC\U000006DF-\U000006E4\U000006E7-\U000006E8\U000006EA-\U000006ED\U00000711-\U00000711\U00000730-\U0000074A\U000007EB-\U000007F3\U000007FD-\U000007FD\U00000816-\U00000819\U0000081B-\U00000823\U00000825-\U00000827\U00000829-\U0000082D\U00000859-\U0000085B\U00000898-\U0000089F\U000008CA-\U000008E1\U000008E3-\U000008FF\U0000093C-\U0000093C\U0000094D-\U0000094D\U00000951-\U00000954\U000009BC-\U000009BC\U000009CD-\U000009CD\U000009FE-\U000009FE\U00000A3C-\U00000A3C\U00000A4D-\U00000A4D\U00000ABC-\U00000ABC\U00000ACD-\U00000ACD\U00000B3C-\U00000B3C\U00000B4D-\U00000B4D\U00000BCD-\U00000BCD\U00000C3C-\U00000C3C\U00000C4D-\U00000C4D\U00000C55-\U00000C56\U00000CBC-\U00000CBC\U00000CCD-\U00000CCD\U00000D3B-\U00000D3C\U00000D4D-\U00000D4D\U00000DCA-\U00000DCA\U00000E38-\U00000E3A\U00000E48-\U00000E4B\U00000EB8-\U00000EBA\U00000EC8-\U00000ECB\U00000F18-\U00000F19\U00000F35-\U00000F35\U00000F37-\U00000F37\U00000F39-\U00000F39\U00000F71-\U00000F72\U00000F74-\U00000F74\U00000F7A-\U00000F7D\U00000F80-\U00000F80\U00000F82-\U00000F84\U00000F86-\U00000F87\U00000FC6-\U00000FC6\U00001037-\U00001037\U00001039-\U0000103A\U0000108D-\U0000108D\U0000135D-\U0000135F\U00001714-\U00001715\U00001734-\U00001734\U000017D2-\U000017D2\U000017DD-\U000017DD\U000018A9-\U000018A9\U00001939-\U0000193B\U00001A17-\U00001A18\U00001A60-\U00001A60\U00001A75-\U00001A7C\U00001A7F-\U00001A7F\U00001AB0-\U00001ABD\U00001ABF-\U00001ACE\U00001B34-\U00001B34\U00001B44-\U00001B44\U00001B6B-\U00001B73\U00001BAA-\U00001BAB\U00001BE6-\U00001BE6\U00001BF2-\U00001BF3\U00001C37-\U00001C37\U00001CD0-\U00001CD2\U00001CD4-\U00001CE0\U00001CE2-\U00001CE8\U00001CED-\U00001CED\U00001CF4-\U00001CF4\U00001CF8-\U00001CF9\U00001DC0-\U00001DFF\U000020D0-\U000020DC\U000020E1-\U000020E1\U000020E5-\U000020F0\U00002CEF-\U00002CF1\U00002D7F-\U00002D7F\U00002DE0-\U00002DFF\U0000302A-\U0000302F\U00003099-\U0000309A\U0000A66F-\U0000A66F\U0000A674-\U0000A67D\U0000A69E-\U0000A69F\U0000A6F0-\U0000A6F1\U0000A806-\U0000A806\U0000A82C-\U0000A82C\U0000A8C4-\U0000A8C4\U0000A8E0-\U0000A8F1\U0000A92B-\U0000A92D\U0000A953-\U0000A953\U0000A9B3-\U0000A9B3\U0000A9C0-\U0000A9C0\U0000AAB0-\U0000AAB0\U0000AAB2-\U0000AAB4\U0000AAB7-\U0000AAB8\U0000AABE-\U0000AABF\U0000AAC1-\U0000AAC1\U0000AAF6-\U0000AAF6\U0000ABED-\U0000ABED\U0000FB1E-\U0000FB1E\U0000FE20-\U0000FE2F\U000101FD-\U000101FD\U000102E0-\U000102E0\U00010376-\U0001037A\U00010A0D-\U00010A0D\U00010A0F-\U00010A0F\U00010A38-\U00010A3A\U00010A3F-\U00010A3F\U00010AE5-\U00010AE6\U00010D24-\U00010D27\U00010EAB-\U00010EAC\U00010F46-\U00010F50\U00010F82-\U00010F85\U00011046-\U00011046\U00011070-\U00011070\U0001107F-\U0001107F\U000110B9-\U000110BA\U00011100-\U00011102\U00011133-\U00011134\U00011173-\U00011173\U000111C0-\U000111C0\U000111CA-\U000111CA\U00011235-\U00011236\U000112E9-\U000112EA\U0001133B-\U0001133C\U0001134D-\U0001134D\U00011366-\U0001136C\U00011370-\U00011374\U00011442-\U00011442\U00011446-\U00011446\U0001145E-\U0001145E\U000114C2-\U000114C3\U000115BF-\U000115C0\U0001163F-\U0001163F\U000116B6-\U000116B7\U0001172B-\U0001172B\U00011839-\U0001183A\U0001193D-\U0001193E\U00011943-\U00011943\U000119E0-\U000119E0\U00011A34-\U00011A34\U00011A47-\U00011A47\U00011A99-\U00011A99\U00011C3F-\U00011C3F\U00011D42-\U00011D42\U00011D44-\U00011D45\U00011D97-\U00011D97\U00016AF0-\U00016AF4\U00016B30-\U00016B36\U00016FF0-\U00016FF1\U0001BC9E-\U0001BC9E\U0001D165-\U0001D169\U0001D16D-\U0001D172\U0001D17B-\U0001D182\U0001D185-\U0001D18B\U0001D1AA-\U0001D1AD\U0001D242-\U0001D244\U0001E000-\U0001E006\U0001E008-\U0001E018\U0001E01B-\U0001E021\U0001E023-\U0001E024\U0001E026-\U0001E02A\U0001E130-\U0001E136\U0001E2AE-\U0001E2AE\U0001E2EC-\U0001E2EF\U0001E8D0-\U0001E8D6\U0001E944-\U0001E94A]', '', 'g') COLLATE "C"
$$;

CREATE FUNCTION old_register.fold_case(t text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  SELECT replace(replace(lower(t COLLATE "und-x-icu"), 'ß', 'ss'), 'ς', 'σ') COLLATE "C"
$$;

CREATE FUNCTION old_register.like_text(t text, pattern text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $_$
  SELECT t LIKE regexp_replace(pattern, '((^|[^\\])(\\\\)*)\\$', '\1')
$_$;

CREATE FUNCTION old_register.note_revision() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  PERFORM pg_notify('cotmoc', TG_TABLE_SCHEMA);
  RETURN NULL;
END
$$;

CREATE FUNCTION old_register.relates(relation text, shape public.geometry, x double precision, y double precision, other bytea) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  SELECT CASE relation
    WHEN 's_intersects' THEN ST_Intersects(
      coalesce(shape, ST_SetSRID(ST_MakePoint(x, y), 4326)), ST_GeomFromWKB(other, 4326))
    WHEN 's_within' THEN ST_Within(
      coalesce(shape, ST_SetSRID(ST_MakePoint(x, y), 4326)), ST_GeomFromWKB(other, 4326))
    WHEN 's_contains' THEN ST_Contains(
      coalesce(shape, ST_SetSRID(ST_MakePoint(x, y), 4326)), ST_GeomFromWKB(other, 4326))
    WHEN 's_disjoint' THEN ST_Disjoint(
      coalesce(shape, ST_SetSRID(ST_MakePoint(x, y), 4326)), ST_GeomFromWKB(other, 4326))
    WHEN 's_touches' THEN ST_Touches(
      coalesce(shape, ST_SetSRID(ST_MakePoint(x, y), 4326)), ST_GeomFromWKB(other, 4326))
    WHEN 's_crosses' THEN ST_Crosses(
      coalesce(shape, ST_SetSRID(ST_MakePoint(x, y), 4326)), ST_GeomFromWKB(other, 4326))
    WHEN 's_overlaps' THEN ST_Overlaps(
      coalesce(shape, ST_SetSRID(ST_MakePoint(x, y), 4326)), ST_GeomFromWKB(other, 4326))
    WHEN 's_equals' THEN ST_Equals(
      coalesce(shape, ST_SetSRID(ST_MakePoint(x, y), 4326)), ST_GeomFromWKB(other, 4326))
  END
$$;

CREATE FUNCTION old_register.touches_box(shape public.geometry, w double precision, s double precision, e double precision, n double precision) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  SELECT ST_Intersects(shape, ST_SetSRID(
    ST_Envelope(ST_MakeLine(ST_MakePoint(w, s), ST_MakePoint(e, n))), 4326))
$$;

SET default_tablespace = '';

SET default_table_access_method = heap;

CREATE TABLE old_register.admin_units (
    fid bigint NOT NULL,
    geom public.geometry(MultiPolygon,4326),
    id text NOT NULL COLLATE pg_catalog."C",
    name_vi text COLLATE pg_catalog."C",
    name_en text COLLATE pg_catalog."C",
    name_local text COLLATE pg_catalog."C",
    other_names character varying COLLATE pg_catalog."C",
    level text COLLATE pg_catalog."C",
    unit_type text COLLATE pg_catalog."C",
    country text COLLATE pg_catalog."C",
    iso_code text COLLATE pg_catalog."C",
    gso_code text COLLATE pg_catalog."C",
    parent_id text COLLATE pg_catalog."C",
    predecessors character varying COLLATE pg_catalog."C",
    successors character varying COLLATE pg_catalog."C",
    faces character varying COLLATE pg_catalog."C",
    legal_basis text COLLATE pg_catalog."C",
    valid_from text COLLATE pg_catalog."C",
    valid_to text COLLATE pg_catalog."C",
    source text COLLATE pg_catalog."C",
    source_id text COLLATE pg_catalog."C",
    confidence text COLLATE pg_catalog."C",
    note text COLLATE pg_catalog."C",
    note_vi text COLLATE pg_catalog."C",
    classification text COLLATE pg_catalog."C",
    revision bigint
);

CREATE SEQUENCE old_register.admin_units_fid_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE old_register.admin_units_fid_seq OWNED BY old_register.admin_units.fid;

CREATE TABLE old_register.admin_units_view (
    vid bigint NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    audiences integer NOT NULL,
    t_from text NOT NULL COLLATE pg_catalog."C",
    t_to text NOT NULL COLLATE pg_catalog."C",
    t_next text NOT NULL COLLATE pg_catalog."C",
    name_vi text COLLATE pg_catalog."C",
    name_en text COLLATE pg_catalog."C",
    name_local text COLLATE pg_catalog."C",
    other_names character varying COLLATE pg_catalog."C",
    level text COLLATE pg_catalog."C",
    unit_type text COLLATE pg_catalog."C",
    country text COLLATE pg_catalog."C",
    iso_code text COLLATE pg_catalog."C",
    gso_code text COLLATE pg_catalog."C",
    parent_id text COLLATE pg_catalog."C",
    predecessors character varying COLLATE pg_catalog."C",
    successors character varying COLLATE pg_catalog."C",
    faces character varying COLLATE pg_catalog."C",
    legal_basis text COLLATE pg_catalog."C",
    valid_from text COLLATE pg_catalog."C",
    valid_to text COLLATE pg_catalog."C",
    source text COLLATE pg_catalog."C",
    source_id text COLLATE pg_catalog."C",
    confidence text COLLATE pg_catalog."C",
    note text COLLATE pg_catalog."C",
    note_vi text COLLATE pg_catalog."C",
    classification text COLLATE pg_catalog."C",
    revision bigint,
    w double precision,
    s double precision,
    e double precision,
    n double precision,
    geom public.geometry(MultiPolygon,4326),
    geojson text NOT NULL COLLATE pg_catalog."C"
);

CREATE SEQUENCE old_register.admin_units_view_vid_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE old_register.admin_units_view_vid_seq OWNED BY old_register.admin_units_view.vid;

CREATE TABLE old_register.agreements (
    fid bigint NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    name_vi text COLLATE pg_catalog."C",
    name_en text COLLATE pg_catalog."C",
    kind text COLLATE pg_catalog."C",
    level text COLLATE pg_catalog."C",
    province text COLLATE pg_catalog."C",
    province_id text COLLATE pg_catalog."C",
    province_origin_id text COLLATE pg_catalog."C",
    unit_ids character varying COLLATE pg_catalog."C",
    parties character varying COLLATE pg_catalog."C",
    signed text COLLATE pg_catalog."C",
    effective text COLLATE pg_catalog."C",
    expires text COLLATE pg_catalog."C",
    dates_text text COLLATE pg_catalog."C",
    topics character varying COLLATE pg_catalog."C",
    valid_from text COLLATE pg_catalog."C",
    valid_to text COLLATE pg_catalog."C",
    source text COLLATE pg_catalog."C",
    source_id text COLLATE pg_catalog."C",
    confidence text COLLATE pg_catalog."C",
    note text COLLATE pg_catalog."C",
    note_vi text COLLATE pg_catalog."C",
    classification text COLLATE pg_catalog."C",
    revision bigint
);

CREATE SEQUENCE old_register.agreements_fid_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE old_register.agreements_fid_seq OWNED BY old_register.agreements.fid;

CREATE TABLE old_register.agreements_view (
    vid bigint NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    audiences integer NOT NULL,
    t_from text NOT NULL COLLATE pg_catalog."C",
    t_to text NOT NULL COLLATE pg_catalog."C",
    t_next text NOT NULL COLLATE pg_catalog."C",
    name_vi text COLLATE pg_catalog."C",
    name_en text COLLATE pg_catalog."C",
    kind text COLLATE pg_catalog."C",
    level text COLLATE pg_catalog."C",
    province text COLLATE pg_catalog."C",
    province_id text COLLATE pg_catalog."C",
    province_origin_id text COLLATE pg_catalog."C",
    unit_ids character varying COLLATE pg_catalog."C",
    parties character varying COLLATE pg_catalog."C",
    signed text COLLATE pg_catalog."C",
    effective text COLLATE pg_catalog."C",
    expires text COLLATE pg_catalog."C",
    dates_text text COLLATE pg_catalog."C",
    topics character varying COLLATE pg_catalog."C",
    valid_from text COLLATE pg_catalog."C",
    valid_to text COLLATE pg_catalog."C",
    source text COLLATE pg_catalog."C",
    source_id text COLLATE pg_catalog."C",
    confidence text COLLATE pg_catalog."C",
    note text COLLATE pg_catalog."C",
    note_vi text COLLATE pg_catalog."C",
    classification text COLLATE pg_catalog."C",
    revision bigint,
    geojson text NOT NULL COLLATE pg_catalog."C"
);

CREATE SEQUENCE old_register.agreements_view_vid_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE old_register.agreements_view_vid_seq OWNED BY old_register.agreements_view.vid;

CREATE TABLE old_register.borders (
    fid bigint NOT NULL,
    geom public.geometry(MultiLineString,4326),
    id text NOT NULL COLLATE pg_catalog."C",
    name_vi text COLLATE pg_catalog."C",
    name_en text COLLATE pg_catalog."C",
    level text COLLATE pg_catalog."C",
    border text COLLATE pg_catalog."C",
    province text COLLATE pg_catalog."C",
    province_id text COLLATE pg_catalog."C",
    province_origin_id text COLLATE pg_catalog."C",
    partner text COLLATE pg_catalog."C",
    partner_id text COLLATE pg_catalog."C",
    country text COLLATE pg_catalog."C",
    length_km double precision,
    chainage_from_km double precision,
    chainage_to_km double precision,
    length_official_km double precision,
    length_difference_percent double precision,
    demarcated text COLLATE pg_catalog."C",
    register_complete boolean,
    viewpoint text COLLATE pg_catalog."C",
    valid_from text COLLATE pg_catalog."C",
    valid_to text COLLATE pg_catalog."C",
    source text COLLATE pg_catalog."C",
    source_id text COLLATE pg_catalog."C",
    confidence text COLLATE pg_catalog."C",
    note text COLLATE pg_catalog."C",
    note_vi text COLLATE pg_catalog."C",
    classification text COLLATE pg_catalog."C",
    revision bigint
);

CREATE SEQUENCE old_register.borders_fid_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE old_register.borders_fid_seq OWNED BY old_register.borders.fid;

CREATE TABLE old_register.borders_view (
    vid bigint NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    audiences integer NOT NULL,
    t_from text NOT NULL COLLATE pg_catalog."C",
    t_to text NOT NULL COLLATE pg_catalog."C",
    t_next text NOT NULL COLLATE pg_catalog."C",
    name_vi text COLLATE pg_catalog."C",
    name_en text COLLATE pg_catalog."C",
    level text COLLATE pg_catalog."C",
    border text COLLATE pg_catalog."C",
    province text COLLATE pg_catalog."C",
    province_id text COLLATE pg_catalog."C",
    province_origin_id text COLLATE pg_catalog."C",
    partner text COLLATE pg_catalog."C",
    partner_id text COLLATE pg_catalog."C",
    country text COLLATE pg_catalog."C",
    length_km double precision,
    chainage_from_km double precision,
    chainage_to_km double precision,
    length_official_km double precision,
    length_difference_percent double precision,
    demarcated text COLLATE pg_catalog."C",
    register_complete boolean,
    viewpoint text COLLATE pg_catalog."C",
    valid_from text COLLATE pg_catalog."C",
    valid_to text COLLATE pg_catalog."C",
    source text COLLATE pg_catalog."C",
    source_id text COLLATE pg_catalog."C",
    confidence text COLLATE pg_catalog."C",
    note text COLLATE pg_catalog."C",
    note_vi text COLLATE pg_catalog."C",
    classification text COLLATE pg_catalog."C",
    revision bigint,
    w double precision,
    s double precision,
    e double precision,
    n double precision,
    geom public.geometry(MultiLineString,4326),
    geojson text NOT NULL COLLATE pg_catalog."C"
);

CREATE SEQUENCE old_register.borders_view_vid_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE old_register.borders_view_vid_seq OWNED BY old_register.borders_view.vid;

CREATE TABLE old_register.cells (
    layer text NOT NULL,
    cell integer NOT NULL,
    revision integer NOT NULL
);

CREATE TABLE old_register.commitments (
    fid bigint NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    name_vi text COLLATE pg_catalog."C",
    name_en text COLLATE pg_catalog."C",
    agreement_id text COLLATE pg_catalog."C",
    province text COLLATE pg_catalog."C",
    province_id text COLLATE pg_catalog."C",
    province_origin_id text COLLATE pg_catalog."C",
    unit_ids character varying COLLATE pg_catalog."C",
    owner text COLLATE pg_catalog."C",
    due text COLLATE pg_catalog."C",
    due_text text COLLATE pg_catalog."C",
    state text COLLATE pg_catalog."C",
    evidence text COLLATE pg_catalog."C",
    evidence_vi text COLLATE pg_catalog."C",
    valid_from text COLLATE pg_catalog."C",
    valid_to text COLLATE pg_catalog."C",
    source text COLLATE pg_catalog."C",
    source_id text COLLATE pg_catalog."C",
    confidence text COLLATE pg_catalog."C",
    note text COLLATE pg_catalog."C",
    note_vi text COLLATE pg_catalog."C",
    classification text COLLATE pg_catalog."C",
    revision bigint
);

CREATE SEQUENCE old_register.commitments_fid_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE old_register.commitments_fid_seq OWNED BY old_register.commitments.fid;

CREATE TABLE old_register.commitments_view (
    vid bigint NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    audiences integer NOT NULL,
    t_from text NOT NULL COLLATE pg_catalog."C",
    t_to text NOT NULL COLLATE pg_catalog."C",
    t_next text NOT NULL COLLATE pg_catalog."C",
    name_vi text COLLATE pg_catalog."C",
    name_en text COLLATE pg_catalog."C",
    agreement_id text COLLATE pg_catalog."C",
    province text COLLATE pg_catalog."C",
    province_id text COLLATE pg_catalog."C",
    province_origin_id text COLLATE pg_catalog."C",
    unit_ids character varying COLLATE pg_catalog."C",
    owner text COLLATE pg_catalog."C",
    due text COLLATE pg_catalog."C",
    due_text text COLLATE pg_catalog."C",
    state text COLLATE pg_catalog."C",
    evidence text COLLATE pg_catalog."C",
    evidence_vi text COLLATE pg_catalog."C",
    valid_from text COLLATE pg_catalog."C",
    valid_to text COLLATE pg_catalog."C",
    source text COLLATE pg_catalog."C",
    source_id text COLLATE pg_catalog."C",
    confidence text COLLATE pg_catalog."C",
    note text COLLATE pg_catalog."C",
    note_vi text COLLATE pg_catalog."C",
    classification text COLLATE pg_catalog."C",
    revision bigint,
    geojson text NOT NULL COLLATE pg_catalog."C"
);

CREATE SEQUENCE old_register.commitments_view_vid_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE old_register.commitments_view_vid_seq OWNED BY old_register.commitments_view.vid;

CREATE TABLE old_register.corridors (
    fid bigint NOT NULL,
    geom public.geometry(LineString,4326),
    id text NOT NULL COLLATE pg_catalog."C",
    name_vi text COLLATE pg_catalog."C",
    name_en text COLLATE pg_catalog."C",
    corridor_id text COLLATE pg_catalog."C",
    corridor_name_vi text COLLATE pg_catalog."C",
    corridor_name_en text COLLATE pg_catalog."C",
    seq bigint,
    road text COLLATE pg_catalog."C",
    countries character varying COLLATE pg_catalog."C",
    length_published_km double precision,
    length_measured_km double precision,
    chainage_from_km double precision,
    chainage_to_km double precision,
    geometry_quality text COLLATE pg_catalog."C",
    position_uncertainty_m double precision,
    valid_from text COLLATE pg_catalog."C",
    valid_to text COLLATE pg_catalog."C",
    source text COLLATE pg_catalog."C",
    source_id text COLLATE pg_catalog."C",
    confidence text COLLATE pg_catalog."C",
    note text COLLATE pg_catalog."C",
    note_vi text COLLATE pg_catalog."C",
    classification text COLLATE pg_catalog."C",
    revision bigint
);

CREATE SEQUENCE old_register.corridors_fid_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE old_register.corridors_fid_seq OWNED BY old_register.corridors.fid;

CREATE TABLE old_register.corridors_view (
    vid bigint NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    audiences integer NOT NULL,
    t_from text NOT NULL COLLATE pg_catalog."C",
    t_to text NOT NULL COLLATE pg_catalog."C",
    t_next text NOT NULL COLLATE pg_catalog."C",
    name_vi text COLLATE pg_catalog."C",
    name_en text COLLATE pg_catalog."C",
    corridor_id text COLLATE pg_catalog."C",
    corridor_name_vi text COLLATE pg_catalog."C",
    corridor_name_en text COLLATE pg_catalog."C",
    seq bigint,
    road text COLLATE pg_catalog."C",
    countries character varying COLLATE pg_catalog."C",
    length_published_km double precision,
    length_measured_km double precision,
    chainage_from_km double precision,
    chainage_to_km double precision,
    geometry_quality text COLLATE pg_catalog."C",
    position_uncertainty_m double precision,
    valid_from text COLLATE pg_catalog."C",
    valid_to text COLLATE pg_catalog."C",
    source text COLLATE pg_catalog."C",
    source_id text COLLATE pg_catalog."C",
    confidence text COLLATE pg_catalog."C",
    note text COLLATE pg_catalog."C",
    note_vi text COLLATE pg_catalog."C",
    classification text COLLATE pg_catalog."C",
    revision bigint,
    w double precision,
    s double precision,
    e double precision,
    n double precision,
    geom public.geometry(LineString,4326),
    geojson text NOT NULL COLLATE pg_catalog."C"
);

CREATE SEQUENCE old_register.corridors_view_vid_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE old_register.corridors_view_vid_seq OWNED BY old_register.corridors_view.vid;

CREATE TABLE old_register.exchanges (
    fid bigint NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    name_vi text COLLATE pg_catalog."C",
    name_en text COLLATE pg_catalog."C",
    kind text COLLATE pg_catalog."C",
    province text COLLATE pg_catalog."C",
    province_id text COLLATE pg_catalog."C",
    province_origin_id text COLLATE pg_catalog."C",
    unit_ids character varying COLLATE pg_catalog."C",
    parties character varying COLLATE pg_catalog."C",
    date_from text COLLATE pg_catalog."C",
    date_to text COLLATE pg_catalog."C",
    place text COLLATE pg_catalog."C",
    outcome text COLLATE pg_catalog."C",
    valid_from text COLLATE pg_catalog."C",
    valid_to text COLLATE pg_catalog."C",
    source text COLLATE pg_catalog."C",
    source_id text COLLATE pg_catalog."C",
    confidence text COLLATE pg_catalog."C",
    note text COLLATE pg_catalog."C",
    note_vi text COLLATE pg_catalog."C",
    classification text COLLATE pg_catalog."C",
    revision bigint
);

CREATE SEQUENCE old_register.exchanges_fid_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE old_register.exchanges_fid_seq OWNED BY old_register.exchanges.fid;

CREATE TABLE old_register.exchanges_view (
    vid bigint NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    audiences integer NOT NULL,
    t_from text NOT NULL COLLATE pg_catalog."C",
    t_to text NOT NULL COLLATE pg_catalog."C",
    t_next text NOT NULL COLLATE pg_catalog."C",
    name_vi text COLLATE pg_catalog."C",
    name_en text COLLATE pg_catalog."C",
    kind text COLLATE pg_catalog."C",
    province text COLLATE pg_catalog."C",
    province_id text COLLATE pg_catalog."C",
    province_origin_id text COLLATE pg_catalog."C",
    unit_ids character varying COLLATE pg_catalog."C",
    parties character varying COLLATE pg_catalog."C",
    date_from text COLLATE pg_catalog."C",
    date_to text COLLATE pg_catalog."C",
    place text COLLATE pg_catalog."C",
    outcome text COLLATE pg_catalog."C",
    valid_from text COLLATE pg_catalog."C",
    valid_to text COLLATE pg_catalog."C",
    source text COLLATE pg_catalog."C",
    source_id text COLLATE pg_catalog."C",
    confidence text COLLATE pg_catalog."C",
    note text COLLATE pg_catalog."C",
    note_vi text COLLATE pg_catalog."C",
    classification text COLLATE pg_catalog."C",
    revision bigint,
    geojson text NOT NULL COLLATE pg_catalog."C"
);

CREATE SEQUENCE old_register.exchanges_view_vid_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE old_register.exchanges_view_vid_seq OWNED BY old_register.exchanges_view.vid;

CREATE TABLE old_register.gates (
    fid bigint NOT NULL,
    geom public.geometry(Point,4326),
    id text NOT NULL COLLATE pg_catalog."C",
    name_vi text COLLATE pg_catalog."C",
    name_en text COLLATE pg_catalog."C",
    counterpart_name text COLLATE pg_catalog."C",
    border text COLLATE pg_catalog."C",
    province text COLLATE pg_catalog."C",
    province_id text COLLATE pg_catalog."C",
    province_origin_id text COLLATE pg_catalog."C",
    partner text COLLATE pg_catalog."C",
    partner_ids character varying COLLATE pg_catalog."C",
    gate_class text COLLATE pg_catalog."C",
    class_note text COLLATE pg_catalog."C",
    class_note_vi text COLLATE pg_catalog."C",
    transport text COLLATE pg_catalog."C",
    road_vn text COLLATE pg_catalog."C",
    road_other text COLLATE pg_catalog."C",
    markers character varying COLLATE pg_catalog."C",
    commune text COLLATE pg_catalog."C",
    proposal text COLLATE pg_catalog."C",
    position_quality text COLLATE pg_catalog."C",
    position_uncertainty_m double precision,
    position_method text COLLATE pg_catalog."C",
    position_method_vi text COLLATE pg_catalog."C",
    valid_from text COLLATE pg_catalog."C",
    valid_to text COLLATE pg_catalog."C",
    source text COLLATE pg_catalog."C",
    source_id text COLLATE pg_catalog."C",
    confidence text COLLATE pg_catalog."C",
    note text COLLATE pg_catalog."C",
    note_vi text COLLATE pg_catalog."C",
    classification text COLLATE pg_catalog."C",
    revision bigint
);

CREATE SEQUENCE old_register.gates_fid_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE old_register.gates_fid_seq OWNED BY old_register.gates.fid;

CREATE TABLE old_register.gates_view (
    vid bigint NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    audiences integer NOT NULL,
    t_from text NOT NULL COLLATE pg_catalog."C",
    t_to text NOT NULL COLLATE pg_catalog."C",
    t_next text NOT NULL COLLATE pg_catalog."C",
    name_vi text COLLATE pg_catalog."C",
    name_en text COLLATE pg_catalog."C",
    counterpart_name text COLLATE pg_catalog."C",
    border text COLLATE pg_catalog."C",
    province text COLLATE pg_catalog."C",
    province_id text COLLATE pg_catalog."C",
    province_origin_id text COLLATE pg_catalog."C",
    partner text COLLATE pg_catalog."C",
    partner_ids character varying COLLATE pg_catalog."C",
    gate_class text COLLATE pg_catalog."C",
    class_note text COLLATE pg_catalog."C",
    class_note_vi text COLLATE pg_catalog."C",
    transport text COLLATE pg_catalog."C",
    road_vn text COLLATE pg_catalog."C",
    road_other text COLLATE pg_catalog."C",
    markers character varying COLLATE pg_catalog."C",
    commune text COLLATE pg_catalog."C",
    proposal text COLLATE pg_catalog."C",
    position_quality text COLLATE pg_catalog."C",
    position_uncertainty_m double precision,
    position_method text COLLATE pg_catalog."C",
    position_method_vi text COLLATE pg_catalog."C",
    valid_from text COLLATE pg_catalog."C",
    valid_to text COLLATE pg_catalog."C",
    source text COLLATE pg_catalog."C",
    source_id text COLLATE pg_catalog."C",
    confidence text COLLATE pg_catalog."C",
    note text COLLATE pg_catalog."C",
    note_vi text COLLATE pg_catalog."C",
    classification text COLLATE pg_catalog."C",
    revision bigint,
    w double precision,
    s double precision,
    e double precision,
    n double precision,
    geom public.geometry(Point,4326),
    geojson text NOT NULL COLLATE pg_catalog."C"
);

CREATE SEQUENCE old_register.gates_view_vid_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE old_register.gates_view_vid_seq OWNED BY old_register.gates_view.vid;

CREATE TABLE old_register.history (
    seq bigint NOT NULL,
    at text NOT NULL COLLATE pg_catalog."C",
    actor text NOT NULL COLLATE pg_catalog."C",
    action text NOT NULL COLLATE pg_catalog."C",
    layer text NOT NULL COLLATE pg_catalog."C",
    feature_id text NOT NULL COLLATE pg_catalog."C",
    revision bigint NOT NULL,
    reason text NOT NULL COLLATE pg_catalog."C",
    before text COLLATE pg_catalog."C",
    after text COLLATE pg_catalog."C",
    previous_hash bytea NOT NULL,
    hash bytea NOT NULL
);

CREATE SEQUENCE old_register.history_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE old_register.history_seq_seq OWNED BY old_register.history.seq;

CREATE TABLE old_register.indicators (
    fid bigint NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    name_vi text COLLATE pg_catalog."C",
    name_en text COLLATE pg_catalog."C",
    theme text COLLATE pg_catalog."C",
    province text COLLATE pg_catalog."C",
    province_id text COLLATE pg_catalog."C",
    province_origin_id text COLLATE pg_catalog."C",
    unit_ids character varying COLLATE pg_catalog."C",
    value double precision,
    value_text text COLLATE pg_catalog."C",
    value_text_vi text COLLATE pg_catalog."C",
    unit text COLLATE pg_catalog."C",
    unit_vi text COLLATE pg_catalog."C",
    period text COLLATE pg_catalog."C",
    as_of text COLLATE pg_catalog."C",
    qualifier text COLLATE pg_catalog."C",
    valid_from text COLLATE pg_catalog."C",
    valid_to text COLLATE pg_catalog."C",
    source text COLLATE pg_catalog."C",
    source_id text COLLATE pg_catalog."C",
    confidence text COLLATE pg_catalog."C",
    note text COLLATE pg_catalog."C",
    note_vi text COLLATE pg_catalog."C",
    classification text COLLATE pg_catalog."C",
    revision bigint
);

CREATE SEQUENCE old_register.indicators_fid_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE old_register.indicators_fid_seq OWNED BY old_register.indicators.fid;

CREATE TABLE old_register.indicators_view (
    vid bigint NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    audiences integer NOT NULL,
    t_from text NOT NULL COLLATE pg_catalog."C",
    t_to text NOT NULL COLLATE pg_catalog."C",
    t_next text NOT NULL COLLATE pg_catalog."C",
    name_vi text COLLATE pg_catalog."C",
    name_en text COLLATE pg_catalog."C",
    theme text COLLATE pg_catalog."C",
    province text COLLATE pg_catalog."C",
    province_id text COLLATE pg_catalog."C",
    province_origin_id text COLLATE pg_catalog."C",
    unit_ids character varying COLLATE pg_catalog."C",
    value double precision,
    value_text text COLLATE pg_catalog."C",
    value_text_vi text COLLATE pg_catalog."C",
    unit text COLLATE pg_catalog."C",
    unit_vi text COLLATE pg_catalog."C",
    period text COLLATE pg_catalog."C",
    as_of text COLLATE pg_catalog."C",
    qualifier text COLLATE pg_catalog."C",
    valid_from text COLLATE pg_catalog."C",
    valid_to text COLLATE pg_catalog."C",
    source text COLLATE pg_catalog."C",
    source_id text COLLATE pg_catalog."C",
    confidence text COLLATE pg_catalog."C",
    note text COLLATE pg_catalog."C",
    note_vi text COLLATE pg_catalog."C",
    classification text COLLATE pg_catalog."C",
    revision bigint,
    geojson text NOT NULL COLLATE pg_catalog."C"
);

CREATE SEQUENCE old_register.indicators_view_vid_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE old_register.indicators_view_vid_seq OWNED BY old_register.indicators_view.vid;

CREATE TABLE old_register.inspections (
    fid bigint NOT NULL,
    geom public.geometry(Point,4326),
    id text NOT NULL COLLATE pg_catalog."C",
    marker_id text COLLATE pg_catalog."C",
    at text COLLATE pg_catalog."C",
    mode text COLLATE pg_catalog."C",
    condition text COLLATE pg_catalog."C",
    accuracy_m double precision,
    fix_count bigint,
    findings text COLLATE pg_catalog."C",
    inspector text COLLATE pg_catalog."C",
    valid_from text COLLATE pg_catalog."C",
    valid_to text COLLATE pg_catalog."C",
    source text COLLATE pg_catalog."C",
    source_id text COLLATE pg_catalog."C",
    confidence text COLLATE pg_catalog."C",
    note text COLLATE pg_catalog."C",
    note_vi text COLLATE pg_catalog."C",
    classification text COLLATE pg_catalog."C",
    revision bigint
);

CREATE SEQUENCE old_register.inspections_fid_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE old_register.inspections_fid_seq OWNED BY old_register.inspections.fid;

CREATE TABLE old_register.inspections_view (
    vid bigint NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    audiences integer NOT NULL,
    t_from text NOT NULL COLLATE pg_catalog."C",
    t_to text NOT NULL COLLATE pg_catalog."C",
    t_next text NOT NULL COLLATE pg_catalog."C",
    marker_id text COLLATE pg_catalog."C",
    at text COLLATE pg_catalog."C",
    mode text COLLATE pg_catalog."C",
    condition text COLLATE pg_catalog."C",
    accuracy_m double precision,
    fix_count bigint,
    findings text COLLATE pg_catalog."C",
    inspector text COLLATE pg_catalog."C",
    valid_from text COLLATE pg_catalog."C",
    valid_to text COLLATE pg_catalog."C",
    source text COLLATE pg_catalog."C",
    source_id text COLLATE pg_catalog."C",
    confidence text COLLATE pg_catalog."C",
    note text COLLATE pg_catalog."C",
    note_vi text COLLATE pg_catalog."C",
    classification text COLLATE pg_catalog."C",
    revision bigint,
    w double precision,
    s double precision,
    e double precision,
    n double precision,
    geom public.geometry(Point,4326),
    geojson text NOT NULL COLLATE pg_catalog."C"
);

CREATE SEQUENCE old_register.inspections_view_vid_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE old_register.inspections_view_vid_seq OWNED BY old_register.inspections_view.vid;

CREATE TABLE old_register.islands (
    fid bigint NOT NULL,
    geom public.geometry(MultiPolygon,4326),
    id text NOT NULL COLLATE pg_catalog."C",
    name_vi text COLLATE pg_catalog."C",
    name_en text COLLATE pg_catalog."C",
    province text COLLATE pg_catalog."C",
    province_id text COLLATE pg_catalog."C",
    province_origin_id text COLLATE pg_catalog."C",
    viewpoint text COLLATE pg_catalog."C",
    statement_vi text COLLATE pg_catalog."C",
    statement_en text COLLATE pg_catalog."C",
    label_lon double precision,
    label_lat double precision,
    valid_from text COLLATE pg_catalog."C",
    valid_to text COLLATE pg_catalog."C",
    source text COLLATE pg_catalog."C",
    source_id text COLLATE pg_catalog."C",
    confidence text COLLATE pg_catalog."C",
    note text COLLATE pg_catalog."C",
    note_vi text COLLATE pg_catalog."C",
    classification text COLLATE pg_catalog."C",
    revision bigint
);

CREATE SEQUENCE old_register.islands_fid_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE old_register.islands_fid_seq OWNED BY old_register.islands.fid;

CREATE TABLE old_register.islands_view (
    vid bigint NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    audiences integer NOT NULL,
    t_from text NOT NULL COLLATE pg_catalog."C",
    t_to text NOT NULL COLLATE pg_catalog."C",
    t_next text NOT NULL COLLATE pg_catalog."C",
    name_vi text COLLATE pg_catalog."C",
    name_en text COLLATE pg_catalog."C",
    province text COLLATE pg_catalog."C",
    province_id text COLLATE pg_catalog."C",
    province_origin_id text COLLATE pg_catalog."C",
    viewpoint text COLLATE pg_catalog."C",
    statement_vi text COLLATE pg_catalog."C",
    statement_en text COLLATE pg_catalog."C",
    label_lon double precision,
    label_lat double precision,
    valid_from text COLLATE pg_catalog."C",
    valid_to text COLLATE pg_catalog."C",
    source text COLLATE pg_catalog."C",
    source_id text COLLATE pg_catalog."C",
    confidence text COLLATE pg_catalog."C",
    note text COLLATE pg_catalog."C",
    note_vi text COLLATE pg_catalog."C",
    classification text COLLATE pg_catalog."C",
    revision bigint,
    w double precision,
    s double precision,
    e double precision,
    n double precision,
    geom public.geometry(MultiPolygon,4326),
    geojson text NOT NULL COLLATE pg_catalog."C"
);

CREATE SEQUENCE old_register.islands_view_vid_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE old_register.islands_view_vid_seq OWNED BY old_register.islands_view.vid;

CREATE TABLE old_register.marker_events (
    fid bigint NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    marker_id text COLLATE pg_catalog."C",
    event text COLLATE pg_catalog."C",
    date text COLLATE pg_catalog."C",
    date_precision text COLLATE pg_catalog."C",
    document text COLLATE pg_catalog."C",
    evidence text COLLATE pg_catalog."C",
    evidence_vi text COLLATE pg_catalog."C",
    valid_from text COLLATE pg_catalog."C",
    valid_to text COLLATE pg_catalog."C",
    source text COLLATE pg_catalog."C",
    source_id text COLLATE pg_catalog."C",
    confidence text COLLATE pg_catalog."C",
    note text COLLATE pg_catalog."C",
    note_vi text COLLATE pg_catalog."C",
    classification text COLLATE pg_catalog."C",
    revision bigint
);

CREATE SEQUENCE old_register.marker_events_fid_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE old_register.marker_events_fid_seq OWNED BY old_register.marker_events.fid;

CREATE TABLE old_register.marker_events_view (
    vid bigint NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    audiences integer NOT NULL,
    t_from text NOT NULL COLLATE pg_catalog."C",
    t_to text NOT NULL COLLATE pg_catalog."C",
    t_next text NOT NULL COLLATE pg_catalog."C",
    marker_id text COLLATE pg_catalog."C",
    event text COLLATE pg_catalog."C",
    date text COLLATE pg_catalog."C",
    date_precision text COLLATE pg_catalog."C",
    document text COLLATE pg_catalog."C",
    evidence text COLLATE pg_catalog."C",
    evidence_vi text COLLATE pg_catalog."C",
    valid_from text COLLATE pg_catalog."C",
    valid_to text COLLATE pg_catalog."C",
    source text COLLATE pg_catalog."C",
    source_id text COLLATE pg_catalog."C",
    confidence text COLLATE pg_catalog."C",
    note text COLLATE pg_catalog."C",
    note_vi text COLLATE pg_catalog."C",
    classification text COLLATE pg_catalog."C",
    revision bigint,
    geojson text NOT NULL COLLATE pg_catalog."C"
);

CREATE SEQUENCE old_register.marker_events_view_vid_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE old_register.marker_events_view_vid_seq OWNED BY old_register.marker_events_view.vid;

CREATE TABLE old_register.markers (
    fid bigint NOT NULL,
    geom public.geometry(Point,4326),
    id text NOT NULL COLLATE pg_catalog."C",
    number text COLLATE pg_catalog."C",
    name_vi text COLLATE pg_catalog."C",
    main bigint,
    aux bigint,
    k bigint,
    position_id text COLLATE pg_catalog."C",
    border text COLLATE pg_catalog."C",
    border_ids character varying COLLATE pg_catalog."C",
    province text COLLATE pg_catalog."C",
    province_id text COLLATE pg_catalog."C",
    province_origin_id text COLLATE pg_catalog."C",
    locality text COLLATE pg_catalog."C",
    kind text COLLATE pg_catalog."C",
    multiplicity text COLLATE pg_catalog."C",
    marker_class text COLLATE pg_catalog."C",
    side text COLLATE pg_catalog."C",
    stage text COLLATE pg_catalog."C",
    stage_as_of text COLLATE pg_catalog."C",
    condition text COLLATE pg_catalog."C",
    condition_as_of text COLLATE pg_catalog."C",
    inspection_due text COLLATE pg_catalog."C",
    position_quality text COLLATE pg_catalog."C",
    position_uncertainty_m double precision,
    position_method text COLLATE pg_catalog."C",
    position_method_vi text COLLATE pg_catalog."C",
    surveyed_x double precision,
    surveyed_y double precision,
    surveyed_crs text COLLATE pg_catalog."C",
    datum_operation text COLLATE pg_catalog."C",
    height_m double precision,
    height_datum text COLLATE pg_catalog."C",
    post_id text COLLATE pg_catalog."C",
    valid_from text COLLATE pg_catalog."C",
    valid_to text COLLATE pg_catalog."C",
    source text COLLATE pg_catalog."C",
    source_id text COLLATE pg_catalog."C",
    confidence text COLLATE pg_catalog."C",
    note text COLLATE pg_catalog."C",
    note_vi text COLLATE pg_catalog."C",
    classification text COLLATE pg_catalog."C",
    revision bigint
);

CREATE SEQUENCE old_register.markers_fid_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE old_register.markers_fid_seq OWNED BY old_register.markers.fid;

CREATE TABLE old_register.markers_view (
    vid bigint NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    audiences integer NOT NULL,
    t_from text NOT NULL COLLATE pg_catalog."C",
    t_to text NOT NULL COLLATE pg_catalog."C",
    t_next text NOT NULL COLLATE pg_catalog."C",
    number text COLLATE pg_catalog."C",
    name_vi text COLLATE pg_catalog."C",
    main bigint,
    aux bigint,
    k bigint,
    position_id text COLLATE pg_catalog."C",
    border text COLLATE pg_catalog."C",
    border_ids character varying COLLATE pg_catalog."C",
    province text COLLATE pg_catalog."C",
    province_id text COLLATE pg_catalog."C",
    province_origin_id text COLLATE pg_catalog."C",
    locality text COLLATE pg_catalog."C",
    kind text COLLATE pg_catalog."C",
    multiplicity text COLLATE pg_catalog."C",
    marker_class text COLLATE pg_catalog."C",
    side text COLLATE pg_catalog."C",
    stage text COLLATE pg_catalog."C",
    stage_as_of text COLLATE pg_catalog."C",
    condition text COLLATE pg_catalog."C",
    condition_as_of text COLLATE pg_catalog."C",
    inspection_due text COLLATE pg_catalog."C",
    position_quality text COLLATE pg_catalog."C",
    position_uncertainty_m double precision,
    position_method text COLLATE pg_catalog."C",
    position_method_vi text COLLATE pg_catalog."C",
    surveyed_x double precision,
    surveyed_y double precision,
    surveyed_crs text COLLATE pg_catalog."C",
    datum_operation text COLLATE pg_catalog."C",
    height_m double precision,
    height_datum text COLLATE pg_catalog."C",
    post_id text COLLATE pg_catalog."C",
    valid_from text COLLATE pg_catalog."C",
    valid_to text COLLATE pg_catalog."C",
    source text COLLATE pg_catalog."C",
    source_id text COLLATE pg_catalog."C",
    confidence text COLLATE pg_catalog."C",
    note text COLLATE pg_catalog."C",
    note_vi text COLLATE pg_catalog."C",
    classification text COLLATE pg_catalog."C",
    revision bigint,
    w double precision,
    s double precision,
    e double precision,
    n double precision,
    geom public.geometry(Point,4326),
    geojson text NOT NULL COLLATE pg_catalog."C"
);

CREATE SEQUENCE old_register.markers_view_vid_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE old_register.markers_view_vid_seq OWNED BY old_register.markers_view.vid;

CREATE TABLE old_register.places (
    fid bigint NOT NULL,
    geom public.geometry(Point,4326),
    id text NOT NULL COLLATE pg_catalog."C",
    name_vi text COLLATE pg_catalog."C",
    name_en text COLLATE pg_catalog."C",
    name_local text COLLATE pg_catalog."C",
    country text COLLATE pg_catalog."C",
    population bigint,
    kind text COLLATE pg_catalog."C",
    valid_from text COLLATE pg_catalog."C",
    valid_to text COLLATE pg_catalog."C",
    source text COLLATE pg_catalog."C",
    source_id text COLLATE pg_catalog."C",
    confidence text COLLATE pg_catalog."C",
    note text COLLATE pg_catalog."C",
    note_vi text COLLATE pg_catalog."C",
    classification text COLLATE pg_catalog."C",
    revision bigint
);

CREATE SEQUENCE old_register.places_fid_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE old_register.places_fid_seq OWNED BY old_register.places.fid;

CREATE TABLE old_register.places_view (
    vid bigint NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    audiences integer NOT NULL,
    t_from text NOT NULL COLLATE pg_catalog."C",
    t_to text NOT NULL COLLATE pg_catalog."C",
    t_next text NOT NULL COLLATE pg_catalog."C",
    name_vi text COLLATE pg_catalog."C",
    name_en text COLLATE pg_catalog."C",
    name_local text COLLATE pg_catalog."C",
    country text COLLATE pg_catalog."C",
    population bigint,
    kind text COLLATE pg_catalog."C",
    valid_from text COLLATE pg_catalog."C",
    valid_to text COLLATE pg_catalog."C",
    source text COLLATE pg_catalog."C",
    source_id text COLLATE pg_catalog."C",
    confidence text COLLATE pg_catalog."C",
    note text COLLATE pg_catalog."C",
    note_vi text COLLATE pg_catalog."C",
    classification text COLLATE pg_catalog."C",
    revision bigint,
    w double precision,
    s double precision,
    e double precision,
    n double precision,
    geom public.geometry(Point,4326),
    geojson text NOT NULL COLLATE pg_catalog."C"
);

CREATE SEQUENCE old_register.places_view_vid_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE old_register.places_view_vid_seq OWNED BY old_register.places_view.vid;

CREATE TABLE old_register.positions (
    fid bigint NOT NULL,
    geom public.geometry(Point,4326),
    id text NOT NULL COLLATE pg_catalog."C",
    number text COLLATE pg_catalog."C",
    border text COLLATE pg_catalog."C",
    border_id text COLLATE pg_catalog."C",
    province text COLLATE pg_catalog."C",
    province_id text COLLATE pg_catalog."C",
    province_origin_id text COLLATE pg_catalog."C",
    multiplicity text COLLATE pg_catalog."C",
    expected_markers bigint,
    demarcated text COLLATE pg_catalog."C",
    position_quality text COLLATE pg_catalog."C",
    position_uncertainty_m double precision,
    position_method text COLLATE pg_catalog."C",
    position_method_vi text COLLATE pg_catalog."C",
    valid_from text COLLATE pg_catalog."C",
    valid_to text COLLATE pg_catalog."C",
    source text COLLATE pg_catalog."C",
    source_id text COLLATE pg_catalog."C",
    confidence text COLLATE pg_catalog."C",
    note text COLLATE pg_catalog."C",
    note_vi text COLLATE pg_catalog."C",
    classification text COLLATE pg_catalog."C",
    revision bigint
);

CREATE SEQUENCE old_register.positions_fid_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE old_register.positions_fid_seq OWNED BY old_register.positions.fid;

CREATE TABLE old_register.positions_view (
    vid bigint NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    audiences integer NOT NULL,
    t_from text NOT NULL COLLATE pg_catalog."C",
    t_to text NOT NULL COLLATE pg_catalog."C",
    t_next text NOT NULL COLLATE pg_catalog."C",
    number text COLLATE pg_catalog."C",
    border text COLLATE pg_catalog."C",
    border_id text COLLATE pg_catalog."C",
    province text COLLATE pg_catalog."C",
    province_id text COLLATE pg_catalog."C",
    province_origin_id text COLLATE pg_catalog."C",
    multiplicity text COLLATE pg_catalog."C",
    expected_markers bigint,
    demarcated text COLLATE pg_catalog."C",
    position_quality text COLLATE pg_catalog."C",
    position_uncertainty_m double precision,
    position_method text COLLATE pg_catalog."C",
    position_method_vi text COLLATE pg_catalog."C",
    valid_from text COLLATE pg_catalog."C",
    valid_to text COLLATE pg_catalog."C",
    source text COLLATE pg_catalog."C",
    source_id text COLLATE pg_catalog."C",
    confidence text COLLATE pg_catalog."C",
    note text COLLATE pg_catalog."C",
    note_vi text COLLATE pg_catalog."C",
    classification text COLLATE pg_catalog."C",
    revision bigint,
    w double precision,
    s double precision,
    e double precision,
    n double precision,
    geom public.geometry(Point,4326),
    geojson text NOT NULL COLLATE pg_catalog."C"
);

CREATE SEQUENCE old_register.positions_view_vid_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE old_register.positions_view_vid_seq OWNED BY old_register.positions_view.vid;

CREATE TABLE old_register.posts (
    fid bigint NOT NULL,
    geom public.geometry(Point,4326),
    id text NOT NULL COLLATE pg_catalog."C",
    name_vi text COLLATE pg_catalog."C",
    name_en text COLLATE pg_catalog."C",
    border text COLLATE pg_catalog."C",
    province text COLLATE pg_catalog."C",
    province_id text COLLATE pg_catalog."C",
    province_origin_id text COLLATE pg_catalog."C",
    position_quality text COLLATE pg_catalog."C",
    position_uncertainty_m double precision,
    position_method text COLLATE pg_catalog."C",
    position_method_vi text COLLATE pg_catalog."C",
    valid_from text COLLATE pg_catalog."C",
    valid_to text COLLATE pg_catalog."C",
    source text COLLATE pg_catalog."C",
    source_id text COLLATE pg_catalog."C",
    confidence text COLLATE pg_catalog."C",
    note text COLLATE pg_catalog."C",
    note_vi text COLLATE pg_catalog."C",
    classification text COLLATE pg_catalog."C",
    revision bigint
);

CREATE SEQUENCE old_register.posts_fid_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE old_register.posts_fid_seq OWNED BY old_register.posts.fid;

CREATE TABLE old_register.posts_view (
    vid bigint NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    audiences integer NOT NULL,
    t_from text NOT NULL COLLATE pg_catalog."C",
    t_to text NOT NULL COLLATE pg_catalog."C",
    t_next text NOT NULL COLLATE pg_catalog."C",
    name_vi text COLLATE pg_catalog."C",
    name_en text COLLATE pg_catalog."C",
    border text COLLATE pg_catalog."C",
    province text COLLATE pg_catalog."C",
    province_id text COLLATE pg_catalog."C",
    province_origin_id text COLLATE pg_catalog."C",
    position_quality text COLLATE pg_catalog."C",
    position_uncertainty_m double precision,
    position_method text COLLATE pg_catalog."C",
    position_method_vi text COLLATE pg_catalog."C",
    valid_from text COLLATE pg_catalog."C",
    valid_to text COLLATE pg_catalog."C",
    source text COLLATE pg_catalog."C",
    source_id text COLLATE pg_catalog."C",
    confidence text COLLATE pg_catalog."C",
    note text COLLATE pg_catalog."C",
    note_vi text COLLATE pg_catalog."C",
    classification text COLLATE pg_catalog."C",
    revision bigint,
    w double precision,
    s double precision,
    e double precision,
    n double precision,
    geom public.geometry(Point,4326),
    geojson text NOT NULL COLLATE pg_catalog."C"
);

CREATE SEQUENCE old_register.posts_view_vid_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE old_register.posts_view_vid_seq OWNED BY old_register.posts_view.vid;

CREATE TABLE old_register.progress (
    fid bigint NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    border text COLLATE pg_catalog."C",
    province text COLLATE pg_catalog."C",
    province_id text COLLATE pg_catalog."C",
    province_origin_id text COLLATE pg_catalog."C",
    measure text COLLATE pg_catalog."C",
    numerator double precision,
    denominator double precision,
    unit text COLLATE pg_catalog."C",
    as_of text COLLATE pg_catalog."C",
    basis text COLLATE pg_catalog."C",
    qualifier text COLLATE pg_catalog."C",
    valid_from text COLLATE pg_catalog."C",
    valid_to text COLLATE pg_catalog."C",
    source text COLLATE pg_catalog."C",
    source_id text COLLATE pg_catalog."C",
    confidence text COLLATE pg_catalog."C",
    note text COLLATE pg_catalog."C",
    note_vi text COLLATE pg_catalog."C",
    classification text COLLATE pg_catalog."C",
    revision bigint
);

CREATE SEQUENCE old_register.progress_fid_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE old_register.progress_fid_seq OWNED BY old_register.progress.fid;

CREATE TABLE old_register.progress_view (
    vid bigint NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    audiences integer NOT NULL,
    t_from text NOT NULL COLLATE pg_catalog."C",
    t_to text NOT NULL COLLATE pg_catalog."C",
    t_next text NOT NULL COLLATE pg_catalog."C",
    border text COLLATE pg_catalog."C",
    province text COLLATE pg_catalog."C",
    province_id text COLLATE pg_catalog."C",
    province_origin_id text COLLATE pg_catalog."C",
    measure text COLLATE pg_catalog."C",
    numerator double precision,
    denominator double precision,
    unit text COLLATE pg_catalog."C",
    as_of text COLLATE pg_catalog."C",
    basis text COLLATE pg_catalog."C",
    qualifier text COLLATE pg_catalog."C",
    valid_from text COLLATE pg_catalog."C",
    valid_to text COLLATE pg_catalog."C",
    source text COLLATE pg_catalog."C",
    source_id text COLLATE pg_catalog."C",
    confidence text COLLATE pg_catalog."C",
    note text COLLATE pg_catalog."C",
    note_vi text COLLATE pg_catalog."C",
    classification text COLLATE pg_catalog."C",
    revision bigint,
    geojson text NOT NULL COLLATE pg_catalog."C"
);

CREATE SEQUENCE old_register.progress_view_vid_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE old_register.progress_view_vid_seq OWNED BY old_register.progress_view.vid;

CREATE TABLE old_register.projects (
    fid bigint NOT NULL,
    geom public.geometry(Point,4326),
    id text NOT NULL COLLATE pg_catalog."C",
    name_vi text COLLATE pg_catalog."C",
    name_en text COLLATE pg_catalog."C",
    iati_identifier text COLLATE pg_catalog."C",
    finance_kind text COLLATE pg_catalog."C",
    sector text COLLATE pg_catalog."C",
    status text COLLATE pg_catalog."C",
    province text COLLATE pg_catalog."C",
    province_id text COLLATE pg_catalog."C",
    province_origin_id text COLLATE pg_catalog."C",
    unit_ids character varying COLLATE pg_catalog."C",
    parties character varying COLLATE pg_catalog."C",
    amounts character varying COLLATE pg_catalog."C",
    amount_usd double precision,
    capacity text COLLATE pg_catalog."C",
    start_date text COLLATE pg_catalog."C",
    end_date text COLLATE pg_catalog."C",
    dates_text text COLLATE pg_catalog."C",
    location_exactness text COLLATE pg_catalog."C",
    position_quality text COLLATE pg_catalog."C",
    position_uncertainty_m double precision,
    position_method text COLLATE pg_catalog."C",
    position_method_vi text COLLATE pg_catalog."C",
    valid_from text COLLATE pg_catalog."C",
    valid_to text COLLATE pg_catalog."C",
    source text COLLATE pg_catalog."C",
    source_id text COLLATE pg_catalog."C",
    confidence text COLLATE pg_catalog."C",
    note text COLLATE pg_catalog."C",
    note_vi text COLLATE pg_catalog."C",
    classification text COLLATE pg_catalog."C",
    revision bigint
);

CREATE SEQUENCE old_register.projects_fid_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE old_register.projects_fid_seq OWNED BY old_register.projects.fid;

CREATE TABLE old_register.projects_view (
    vid bigint NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    audiences integer NOT NULL,
    t_from text NOT NULL COLLATE pg_catalog."C",
    t_to text NOT NULL COLLATE pg_catalog."C",
    t_next text NOT NULL COLLATE pg_catalog."C",
    name_vi text COLLATE pg_catalog."C",
    name_en text COLLATE pg_catalog."C",
    iati_identifier text COLLATE pg_catalog."C",
    finance_kind text COLLATE pg_catalog."C",
    sector text COLLATE pg_catalog."C",
    status text COLLATE pg_catalog."C",
    province text COLLATE pg_catalog."C",
    province_id text COLLATE pg_catalog."C",
    province_origin_id text COLLATE pg_catalog."C",
    unit_ids character varying COLLATE pg_catalog."C",
    parties character varying COLLATE pg_catalog."C",
    amounts character varying COLLATE pg_catalog."C",
    amount_usd double precision,
    capacity text COLLATE pg_catalog."C",
    start_date text COLLATE pg_catalog."C",
    end_date text COLLATE pg_catalog."C",
    dates_text text COLLATE pg_catalog."C",
    location_exactness text COLLATE pg_catalog."C",
    position_quality text COLLATE pg_catalog."C",
    position_uncertainty_m double precision,
    position_method text COLLATE pg_catalog."C",
    position_method_vi text COLLATE pg_catalog."C",
    valid_from text COLLATE pg_catalog."C",
    valid_to text COLLATE pg_catalog."C",
    source text COLLATE pg_catalog."C",
    source_id text COLLATE pg_catalog."C",
    confidence text COLLATE pg_catalog."C",
    note text COLLATE pg_catalog."C",
    note_vi text COLLATE pg_catalog."C",
    classification text COLLATE pg_catalog."C",
    revision bigint,
    w double precision,
    s double precision,
    e double precision,
    n double precision,
    geom public.geometry(Point,4326),
    geojson text NOT NULL COLLATE pg_catalog."C"
);

CREATE SEQUENCE old_register.projects_view_vid_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE old_register.projects_view_vid_seq OWNED BY old_register.projects_view.vid;

CREATE TABLE old_register.register (
    key text NOT NULL COLLATE pg_catalog."C",
    value text NOT NULL COLLATE pg_catalog."C"
);

CREATE TABLE old_register.revisions (
    layer text NOT NULL COLLATE pg_catalog."C",
    revision bigint NOT NULL
);

CREATE TABLE old_register.search_index (
    seq bigint NOT NULL,
    layer text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    audiences integer NOT NULL,
    folded text NOT NULL COLLATE pg_catalog."C",
    title_vi text NOT NULL COLLATE pg_catalog."C",
    title_en text NOT NULL COLLATE pg_catalog."C",
    subtitle_vi text COLLATE pg_catalog."C",
    subtitle_en text COLLATE pg_catalog."C",
    weight double precision NOT NULL,
    bbox character varying COLLATE pg_catalog."C"
);

CREATE SEQUENCE old_register.search_index_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE old_register.search_index_seq_seq OWNED BY old_register.search_index.seq;

CREATE TABLE old_register.sources (
    fid bigint NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    name_vi text COLLATE pg_catalog."C",
    name_en text COLLATE pg_catalog."C",
    kind text COLLATE pg_catalog."C",
    publisher text COLLATE pg_catalog."C",
    date text COLLATE pg_catalog."C",
    licence text COLLATE pg_catalog."C",
    url text COLLATE pg_catalog."C",
    valid_from text COLLATE pg_catalog."C",
    valid_to text COLLATE pg_catalog."C",
    source text COLLATE pg_catalog."C",
    source_id text COLLATE pg_catalog."C",
    confidence text COLLATE pg_catalog."C",
    note text COLLATE pg_catalog."C",
    note_vi text COLLATE pg_catalog."C",
    classification text COLLATE pg_catalog."C",
    revision bigint
);

CREATE SEQUENCE old_register.sources_fid_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE old_register.sources_fid_seq OWNED BY old_register.sources.fid;

CREATE TABLE old_register.sources_view (
    vid bigint NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    audiences integer NOT NULL,
    t_from text NOT NULL COLLATE pg_catalog."C",
    t_to text NOT NULL COLLATE pg_catalog."C",
    t_next text NOT NULL COLLATE pg_catalog."C",
    name_vi text COLLATE pg_catalog."C",
    name_en text COLLATE pg_catalog."C",
    kind text COLLATE pg_catalog."C",
    publisher text COLLATE pg_catalog."C",
    date text COLLATE pg_catalog."C",
    licence text COLLATE pg_catalog."C",
    url text COLLATE pg_catalog."C",
    valid_from text COLLATE pg_catalog."C",
    valid_to text COLLATE pg_catalog."C",
    source text COLLATE pg_catalog."C",
    source_id text COLLATE pg_catalog."C",
    confidence text COLLATE pg_catalog."C",
    note text COLLATE pg_catalog."C",
    note_vi text COLLATE pg_catalog."C",
    classification text COLLATE pg_catalog."C",
    revision bigint,
    geojson text NOT NULL COLLATE pg_catalog."C"
);

CREATE SEQUENCE old_register.sources_view_vid_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE old_register.sources_view_vid_seq OWNED BY old_register.sources_view.vid;

ALTER TABLE ONLY old_register.admin_units ALTER COLUMN fid SET DEFAULT nextval('old_register.admin_units_fid_seq'::regclass);

ALTER TABLE ONLY old_register.admin_units_view ALTER COLUMN vid SET DEFAULT nextval('old_register.admin_units_view_vid_seq'::regclass);

ALTER TABLE ONLY old_register.agreements ALTER COLUMN fid SET DEFAULT nextval('old_register.agreements_fid_seq'::regclass);

ALTER TABLE ONLY old_register.agreements_view ALTER COLUMN vid SET DEFAULT nextval('old_register.agreements_view_vid_seq'::regclass);

ALTER TABLE ONLY old_register.borders ALTER COLUMN fid SET DEFAULT nextval('old_register.borders_fid_seq'::regclass);

ALTER TABLE ONLY old_register.borders_view ALTER COLUMN vid SET DEFAULT nextval('old_register.borders_view_vid_seq'::regclass);

ALTER TABLE ONLY old_register.commitments ALTER COLUMN fid SET DEFAULT nextval('old_register.commitments_fid_seq'::regclass);

ALTER TABLE ONLY old_register.commitments_view ALTER COLUMN vid SET DEFAULT nextval('old_register.commitments_view_vid_seq'::regclass);

ALTER TABLE ONLY old_register.corridors ALTER COLUMN fid SET DEFAULT nextval('old_register.corridors_fid_seq'::regclass);

ALTER TABLE ONLY old_register.corridors_view ALTER COLUMN vid SET DEFAULT nextval('old_register.corridors_view_vid_seq'::regclass);

ALTER TABLE ONLY old_register.exchanges ALTER COLUMN fid SET DEFAULT nextval('old_register.exchanges_fid_seq'::regclass);

ALTER TABLE ONLY old_register.exchanges_view ALTER COLUMN vid SET DEFAULT nextval('old_register.exchanges_view_vid_seq'::regclass);

ALTER TABLE ONLY old_register.gates ALTER COLUMN fid SET DEFAULT nextval('old_register.gates_fid_seq'::regclass);

ALTER TABLE ONLY old_register.gates_view ALTER COLUMN vid SET DEFAULT nextval('old_register.gates_view_vid_seq'::regclass);

ALTER TABLE ONLY old_register.history ALTER COLUMN seq SET DEFAULT nextval('old_register.history_seq_seq'::regclass);

ALTER TABLE ONLY old_register.indicators ALTER COLUMN fid SET DEFAULT nextval('old_register.indicators_fid_seq'::regclass);

ALTER TABLE ONLY old_register.indicators_view ALTER COLUMN vid SET DEFAULT nextval('old_register.indicators_view_vid_seq'::regclass);

ALTER TABLE ONLY old_register.inspections ALTER COLUMN fid SET DEFAULT nextval('old_register.inspections_fid_seq'::regclass);

ALTER TABLE ONLY old_register.inspections_view ALTER COLUMN vid SET DEFAULT nextval('old_register.inspections_view_vid_seq'::regclass);

ALTER TABLE ONLY old_register.islands ALTER COLUMN fid SET DEFAULT nextval('old_register.islands_fid_seq'::regclass);

ALTER TABLE ONLY old_register.islands_view ALTER COLUMN vid SET DEFAULT nextval('old_register.islands_view_vid_seq'::regclass);

ALTER TABLE ONLY old_register.marker_events ALTER COLUMN fid SET DEFAULT nextval('old_register.marker_events_fid_seq'::regclass);

ALTER TABLE ONLY old_register.marker_events_view ALTER COLUMN vid SET DEFAULT nextval('old_register.marker_events_view_vid_seq'::regclass);

ALTER TABLE ONLY old_register.markers ALTER COLUMN fid SET DEFAULT nextval('old_register.markers_fid_seq'::regclass);

ALTER TABLE ONLY old_register.markers_view ALTER COLUMN vid SET DEFAULT nextval('old_register.markers_view_vid_seq'::regclass);

ALTER TABLE ONLY old_register.places ALTER COLUMN fid SET DEFAULT nextval('old_register.places_fid_seq'::regclass);

ALTER TABLE ONLY old_register.places_view ALTER COLUMN vid SET DEFAULT nextval('old_register.places_view_vid_seq'::regclass);

ALTER TABLE ONLY old_register.positions ALTER COLUMN fid SET DEFAULT nextval('old_register.positions_fid_seq'::regclass);

ALTER TABLE ONLY old_register.positions_view ALTER COLUMN vid SET DEFAULT nextval('old_register.positions_view_vid_seq'::regclass);

ALTER TABLE ONLY old_register.posts ALTER COLUMN fid SET DEFAULT nextval('old_register.posts_fid_seq'::regclass);

ALTER TABLE ONLY old_register.posts_view ALTER COLUMN vid SET DEFAULT nextval('old_register.posts_view_vid_seq'::regclass);

ALTER TABLE ONLY old_register.progress ALTER COLUMN fid SET DEFAULT nextval('old_register.progress_fid_seq'::regclass);

ALTER TABLE ONLY old_register.progress_view ALTER COLUMN vid SET DEFAULT nextval('old_register.progress_view_vid_seq'::regclass);

ALTER TABLE ONLY old_register.projects ALTER COLUMN fid SET DEFAULT nextval('old_register.projects_fid_seq'::regclass);

ALTER TABLE ONLY old_register.projects_view ALTER COLUMN vid SET DEFAULT nextval('old_register.projects_view_vid_seq'::regclass);

ALTER TABLE ONLY old_register.search_index ALTER COLUMN seq SET DEFAULT nextval('old_register.search_index_seq_seq'::regclass);

ALTER TABLE ONLY old_register.sources ALTER COLUMN fid SET DEFAULT nextval('old_register.sources_fid_seq'::regclass);

ALTER TABLE ONLY old_register.sources_view ALTER COLUMN vid SET DEFAULT nextval('old_register.sources_view_vid_seq'::regclass);

INSERT INTO old_register.admin_units VALUES (1, '0106000020E610000001000000010300000001000000050000000000000000005B4000000000000028400000000000005B400000000000002A400000000000C05A400000000000002A400000000000C05A4000000000000028400000000000005B400000000000002840', 'vn.dak-nong', 'Đắk Nông', NULL, NULL, NULL, 'province', NULL, 'VN', 'VN-72', NULL, NULL, NULL, '["vn.lam-dong.2025"]', NULL, NULL, NULL, '2025-07-01', NULL, NULL, 'high', NULL, NULL, 'public', 1);
INSERT INTO old_register.admin_units VALUES (2, '0106000020E610000001000000010300000001000000050000000000000000005B4000000000000028400000000000005B400000000000002A400000000000C05A400000000000002A400000000000C05A4000000000000028400000000000005B400000000000002840', 'vn.lam-dong', 'Lâm Đồng', NULL, NULL, NULL, 'province', NULL, 'VN', NULL, NULL, NULL, NULL, '["vn.lam-dong.2025"]', NULL, NULL, NULL, '2025-07-01', NULL, NULL, 'high', NULL, NULL, 'public', 1);
INSERT INTO old_register.admin_units VALUES (3, '0106000020E610000001000000010300000001000000050000000000000000005B4000000000000028400000000000005B400000000000002A400000000000C05A400000000000002A400000000000C05A4000000000000028400000000000005B400000000000002840', 'vn.lam-dong.2025', 'Lâm Đồng', NULL, NULL, NULL, 'province', NULL, 'VN', NULL, NULL, NULL, '["vn.dak-nong","vn.lam-dong"]', NULL, NULL, NULL, '2025-07-01', NULL, NULL, NULL, 'high', NULL, NULL, 'public', 1);

INSERT INTO old_register.admin_units_view VALUES (1, 'vn.dak-nong', 15, '0001-01-01', '2025-07-01', '9999-12-31', 'Đắk Nông', NULL, NULL, NULL, 'province', NULL, 'VN', 'VN-72', NULL, NULL, NULL, '["vn.lam-dong.2025"]', NULL, NULL, NULL, '2025-07-01', NULL, NULL, 'high', NULL, NULL, 'public', 1, 107, 12, 108, 13, '0106000020E610000001000000010300000001000000050000000000000000005B4000000000000028400000000000005B400000000000002A400000000000C05A400000000000002A400000000000C05A4000000000000028400000000000005B400000000000002840', '{"type":"Feature","id":"vn.dak-nong","geometry":{"type":"MultiPolygon","coordinates":[[[[108.0,12.0],[108.0,13.0],[107.0,13.0],[107.0,12.0],[108.0,12.0]]]]},"properties":{"name_vi":"Đắk Nông","name_en":null,"name_local":null,"other_names":null,"level":"province","unit_type":null,"country":"VN","iso_code":"VN-72","gso_code":null,"parent_id":null,"predecessors":null,"successors":["vn.lam-dong.2025"],"faces":null,"legal_basis":null,"valid_from":null,"valid_to":"2025-07-01","source":null,"source_id":null,"confidence":"high","note":null,"note_vi":null,"classification":"public","revision":1}}');
INSERT INTO old_register.admin_units_view VALUES (2, 'vn.lam-dong', 15, '0001-01-01', '2025-07-01', '9999-12-31', 'Lâm Đồng', NULL, NULL, NULL, 'province', NULL, 'VN', NULL, NULL, NULL, NULL, '["vn.lam-dong.2025"]', NULL, NULL, NULL, '2025-07-01', NULL, NULL, 'high', NULL, NULL, 'public', 1, 107, 12, 108, 13, '0106000020E610000001000000010300000001000000050000000000000000005B4000000000000028400000000000005B400000000000002A400000000000C05A400000000000002A400000000000C05A4000000000000028400000000000005B400000000000002840', '{"type":"Feature","id":"vn.lam-dong","geometry":{"type":"MultiPolygon","coordinates":[[[[108.0,12.0],[108.0,13.0],[107.0,13.0],[107.0,12.0],[108.0,12.0]]]]},"properties":{"name_vi":"Lâm Đồng","name_en":null,"name_local":null,"other_names":null,"level":"province","unit_type":null,"country":"VN","iso_code":null,"gso_code":null,"parent_id":null,"predecessors":null,"successors":["vn.lam-dong.2025"],"faces":null,"legal_basis":null,"valid_from":null,"valid_to":"2025-07-01","source":null,"source_id":null,"confidence":"high","note":null,"note_vi":null,"classification":"public","revision":1}}');
INSERT INTO old_register.admin_units_view VALUES (3, 'vn.lam-dong.2025', 15, '2025-07-01', '9999-12-31', '9999-12-31', 'Lâm Đồng', NULL, NULL, NULL, 'province', NULL, 'VN', NULL, NULL, NULL, '["vn.dak-nong","vn.lam-dong"]', NULL, NULL, NULL, '2025-07-01', NULL, NULL, NULL, 'high', NULL, NULL, 'public', 1, 107, 12, 108, 13, '0106000020E610000001000000010300000001000000050000000000000000005B4000000000000028400000000000005B400000000000002A400000000000C05A400000000000002A400000000000C05A4000000000000028400000000000005B400000000000002840', '{"type":"Feature","id":"vn.lam-dong.2025","geometry":{"type":"MultiPolygon","coordinates":[[[[108.0,12.0],[108.0,13.0],[107.0,13.0],[107.0,12.0],[108.0,12.0]]]]},"properties":{"name_vi":"Lâm Đồng","name_en":null,"name_local":null,"other_names":null,"level":"province","unit_type":null,"country":"VN","iso_code":null,"gso_code":null,"parent_id":null,"predecessors":["vn.dak-nong","vn.lam-dong"],"successors":null,"faces":null,"legal_basis":null,"valid_from":"2025-07-01","valid_to":null,"source":null,"source_id":null,"confidence":"high","note":null,"note_vi":null,"classification":"public","revision":1}}');

INSERT INTO old_register.cells VALUES ('admin_units', 30412, 1);
INSERT INTO old_register.cells VALUES ('admin_units', 30668, 1);
INSERT INTO old_register.cells VALUES ('gates', 30668, 1);
INSERT INTO old_register.cells VALUES ('markers', 30668, 5);

INSERT INTO old_register.gates VALUES (1, '0101000020E61000000000000000C05A400000000000002840', 'g', 'Cũ', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2014-01-01', NULL, NULL, 'high', NULL, NULL, 'public', 1);
INSERT INTO old_register.gates VALUES (2, '0101000020E61000000000000000C05A400000000000002840', 'g', 'Mới', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2014-01-01', NULL, NULL, NULL, 'high', NULL, NULL, 'public', 1);

INSERT INTO old_register.gates_view VALUES (1, 'g', 15, '0001-01-01', '2014-01-01', '2014-01-01', 'Cũ', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2014-01-01', NULL, NULL, 'high', NULL, NULL, 'public', 1, 107, 12, 107, 12, NULL, '{"type":"Feature","id":"g","geometry":{"type":"Point","coordinates":[107.0,12.0]},"properties":{"name_vi":"Cũ","name_en":null,"counterpart_name":null,"border":null,"province":null,"province_id":null,"province_origin_id":null,"partner":null,"partner_ids":null,"gate_class":null,"class_note":null,"class_note_vi":null,"transport":null,"road_vn":null,"road_other":null,"markers":null,"commune":null,"proposal":null,"position_quality":null,"position_uncertainty_m":null,"position_method":null,"position_method_vi":null,"valid_from":null,"valid_to":"2014-01-01","source":null,"source_id":null,"confidence":"high","note":null,"note_vi":null,"classification":"public","revision":1}}');
INSERT INTO old_register.gates_view VALUES (2, 'g', 15, '2014-01-01', '9999-12-31', '9999-12-31', 'Mới', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2014-01-01', NULL, NULL, NULL, 'high', NULL, NULL, 'public', 1, 107, 12, 107, 12, NULL, '{"type":"Feature","id":"g","geometry":{"type":"Point","coordinates":[107.0,12.0]},"properties":{"name_vi":"Mới","name_en":null,"counterpart_name":null,"border":null,"province":null,"province_id":null,"province_origin_id":null,"partner":null,"partner_ids":null,"gate_class":null,"class_note":null,"class_note_vi":null,"transport":null,"road_vn":null,"road_other":null,"markers":null,"commune":null,"proposal":null,"position_quality":null,"position_uncertainty_m":null,"position_method":null,"position_method_vi":null,"valid_from":"2014-01-01","valid_to":null,"source":null,"source_id":null,"confidence":"high","note":null,"note_vi":null,"classification":"public","revision":1}}');

INSERT INTO old_register.history VALUES (1, '2026-11-22T14:50:44.444+00:00', 'cotmoc init', 'create', 'admin_units', 'vn.dak-nong', 1, 'embedded data', NULL, '{"geometry":{"coordinates":[[[[108.0,12.0],[108.0,13.0],[107.0,13.0],[107.0,12.0],[108.0,12.0]]]],"type":"MultiPolygon"},"properties":{"classification":"public","confidence":"high","country":"VN","faces":null,"gso_code":null,"iso_code":"VN-72","legal_basis":null,"level":"province","name_en":null,"name_local":null,"name_vi":"Đắk Nông","note":null,"note_vi":null,"other_names":null,"parent_id":null,"predecessors":null,"revision":1,"source":null,"source_id":null,"successors":["vn.lam-dong.2025"],"unit_type":null,"valid_from":null,"valid_to":"2025-07-01"}}', '\x0000000000000000000000000000000000000000000000000000000000000000', '\xc9b74156876e5c492cbf003d186d5b8f91cc7557457c854a876805783528d75b');
INSERT INTO old_register.history VALUES (2, '2026-11-22T14:50:44.444+00:00', 'cotmoc init', 'create', 'admin_units', 'vn.lam-dong', 1, 'embedded data', NULL, '{"geometry":{"coordinates":[[[[108.0,12.0],[108.0,13.0],[107.0,13.0],[107.0,12.0],[108.0,12.0]]]],"type":"MultiPolygon"},"properties":{"classification":"public","confidence":"high","country":"VN","faces":null,"gso_code":null,"iso_code":null,"legal_basis":null,"level":"province","name_en":null,"name_local":null,"name_vi":"Lâm Đồng","note":null,"note_vi":null,"other_names":null,"parent_id":null,"predecessors":null,"revision":1,"source":null,"source_id":null,"successors":["vn.lam-dong.2025"],"unit_type":null,"valid_from":null,"valid_to":"2025-07-01"}}', '\xc9b74156876e5c492cbf003d186d5b8f91cc7557457c854a876805783528d75b', '\x77bc84e4e8e0fc3542726cc5c735d168a0575c43ce9e4799348ef87fe3d644d4');
INSERT INTO old_register.history VALUES (3, '2026-11-22T14:50:44.444+00:00', 'cotmoc init', 'create', 'admin_units', 'vn.lam-dong.2025', 1, 'embedded data', NULL, '{"geometry":{"coordinates":[[[[108.0,12.0],[108.0,13.0],[107.0,13.0],[107.0,12.0],[108.0,12.0]]]],"type":"MultiPolygon"},"properties":{"classification":"public","confidence":"high","country":"VN","faces":null,"gso_code":null,"iso_code":null,"legal_basis":null,"level":"province","name_en":null,"name_local":null,"name_vi":"Lâm Đồng","note":null,"note_vi":null,"other_names":null,"parent_id":null,"predecessors":["vn.dak-nong","vn.lam-dong"],"revision":1,"source":null,"source_id":null,"successors":null,"unit_type":null,"valid_from":"2025-07-01","valid_to":null}}', '\x77bc84e4e8e0fc3542726cc5c735d168a0575c43ce9e4799348ef87fe3d644d4', '\x1e1764b3aef48fef45d724b443e1370eb8ae955f78bdbc6a40d9d5c8b244071b');
INSERT INTO old_register.history VALUES (4, '2026-11-22T14:50:44.852+00:00', 'cotmoc init', 'create', 'markers', 'vn-kh.48.0.1', 1, 'embedded data', NULL, '{"geometry":{"coordinates":[107.123456789012,12.3456789012345],"type":"Point"},"properties":{"aux":null,"border":"VN-KH","border_ids":null,"classification":"public","condition":"unknown","condition_as_of":null,"confidence":"high","datum_operation":null,"height_datum":null,"height_m":null,"inspection_due":null,"k":null,"kind":null,"locality":null,"main":null,"marker_class":null,"multiplicity":null,"name_vi":null,"note":null,"note_vi":null,"number":"vn-kh.48.0.1","position_id":null,"position_method":null,"position_method_vi":null,"position_quality":"indicative","position_uncertainty_m":null,"post_id":null,"province":"Lâm Đồng","province_id":"vn.lam-dong.2025","province_origin_id":"vn.dak-nong","revision":1,"side":null,"source":null,"source_id":null,"stage":"located","stage_as_of":"2010-01-01","surveyed_crs":null,"surveyed_x":null,"surveyed_y":null,"valid_from":null,"valid_to":null}}', '\x1e1764b3aef48fef45d724b443e1370eb8ae955f78bdbc6a40d9d5c8b244071b', '\x3a6e16b28f2365b7e57ad89ce5106ed7f464353bf3319c92be9700842b305fa0');
INSERT INTO old_register.history VALUES (5, '2026-11-22T14:50:44.852+00:00', 'cotmoc init', 'create', 'markers', 'vn-kh.49.0.1', 1, 'embedded data', NULL, '{"geometry":{"coordinates":[107.3,12.4],"type":"Point"},"properties":{"aux":null,"border":"VN-KH","border_ids":null,"classification":"public","condition":"unknown","condition_as_of":null,"confidence":"high","datum_operation":null,"height_datum":null,"height_m":null,"inspection_due":null,"k":null,"kind":null,"locality":null,"main":null,"marker_class":null,"multiplicity":null,"name_vi":null,"note":null,"note_vi":null,"number":"vn-kh.49.0.1","position_id":null,"position_method":null,"position_method_vi":null,"position_quality":null,"position_uncertainty_m":null,"post_id":null,"province":"Lâm Đồng","province_id":"vn.lam-dong.2025","province_origin_id":"vn.dak-nong","revision":1,"side":null,"source":null,"source_id":null,"stage":null,"stage_as_of":null,"surveyed_crs":null,"surveyed_x":null,"surveyed_y":null,"valid_from":null,"valid_to":null}}', '\x3a6e16b28f2365b7e57ad89ce5106ed7f464353bf3319c92be9700842b305fa0', '\x6bcbdd258f2ba49f9c820006197e01fd449f321d22cf15746c41dc8070be60f4');
INSERT INTO old_register.history VALUES (6, '2026-11-22T14:50:44.991+00:00', 'cotmoc init', 'create', 'marker_events', 'vn-kh.48.0.1.located.2010-01-01', 1, 'embedded data', NULL, '{"geometry":null,"properties":{"classification":"public","confidence":"high","date":"2010-01-01","date_precision":null,"document":null,"event":"located","evidence":null,"evidence_vi":null,"marker_id":"vn-kh.48.0.1","note":null,"note_vi":null,"revision":1,"source":null,"source_id":null,"valid_from":null,"valid_to":null}}', '\x6bcbdd258f2ba49f9c820006197e01fd449f321d22cf15746c41dc8070be60f4', '\x6a21a655964dfa16dc632ba86079c575c2cef0690c681cde103ad6e91e2e7a51');
INSERT INTO old_register.history VALUES (7, '2026-11-22T14:50:45.027+00:00', 'cotmoc init', 'create', 'gates', 'g', 1, 'embedded data', NULL, '{"geometry":{"coordinates":[107.0,12.0],"type":"Point"},"properties":{"border":null,"class_note":null,"class_note_vi":null,"classification":"public","commune":null,"confidence":"high","counterpart_name":null,"gate_class":null,"markers":null,"name_en":null,"name_vi":"Cũ","note":null,"note_vi":null,"partner":null,"partner_ids":null,"position_method":null,"position_method_vi":null,"position_quality":null,"position_uncertainty_m":null,"proposal":null,"province":null,"province_id":null,"province_origin_id":null,"revision":1,"road_other":null,"road_vn":null,"source":null,"source_id":null,"transport":null,"valid_from":null,"valid_to":"2014-01-01"}}', '\x6a21a655964dfa16dc632ba86079c575c2cef0690c681cde103ad6e91e2e7a51', '\x388f9807601f925356f86794fc32d85bb34514ff88293bf5a1b6ffa795ddc8ec');
INSERT INTO old_register.history VALUES (8, '2026-11-22T14:50:45.027+00:00', 'cotmoc init', 'create', 'gates', 'g', 1, 'embedded data', NULL, '{"geometry":{"coordinates":[107.0,12.0],"type":"Point"},"properties":{"border":null,"class_note":null,"class_note_vi":null,"classification":"public","commune":null,"confidence":"high","counterpart_name":null,"gate_class":null,"markers":null,"name_en":null,"name_vi":"Mới","note":null,"note_vi":null,"partner":null,"partner_ids":null,"position_method":null,"position_method_vi":null,"position_quality":null,"position_uncertainty_m":null,"proposal":null,"province":null,"province_id":null,"province_origin_id":null,"revision":1,"road_other":null,"road_vn":null,"source":null,"source_id":null,"transport":null,"valid_from":"2014-01-01","valid_to":null}}', '\x388f9807601f925356f86794fc32d85bb34514ff88293bf5a1b6ffa795ddc8ec', '\xb81d19fcc295524c45bcc101840f369f44eebe75367fa599b3bcd953452f13f1');
INSERT INTO old_register.history VALUES (9, '2026-11-22T14:50:51.283+00:00', 'a tester', 'edit', 'markers', 'vn-kh.48.0.1', 2, 'to see', '{"geometry":{"coordinates":[107.123456789012,12.3456789012345],"type":"Point"},"properties":{"aux":null,"border":"VN-KH","border_ids":null,"classification":"public","condition":"unknown","condition_as_of":null,"confidence":"high","datum_operation":null,"height_datum":null,"height_m":null,"inspection_due":null,"k":null,"kind":null,"locality":null,"main":null,"marker_class":null,"multiplicity":null,"name_vi":null,"note":null,"note_vi":null,"number":"vn-kh.48.0.1","position_id":null,"position_method":null,"position_method_vi":null,"position_quality":"indicative","position_uncertainty_m":null,"post_id":null,"province":"Lâm Đồng","province_id":"vn.lam-dong.2025","province_origin_id":"vn.dak-nong","revision":1,"side":null,"source":null,"source_id":null,"stage":"located","stage_as_of":"2010-01-01","surveyed_crs":null,"surveyed_x":null,"surveyed_y":null,"valid_from":null,"valid_to":null}}', '{"geometry":{"coordinates":[107.123456789012,12.3456789012345],"type":"Point"},"properties":{"aux":null,"border":"VN-KH","border_ids":null,"classification":"public","condition":"unknown","condition_as_of":null,"confidence":"high","datum_operation":null,"height_datum":null,"height_m":null,"inspection_due":null,"k":null,"kind":null,"locality":null,"main":null,"marker_class":null,"multiplicity":null,"name_vi":null,"note":"đã sửa","note_vi":null,"number":"vn-kh.48.0.1","position_id":null,"position_method":null,"position_method_vi":null,"position_quality":"indicative","position_uncertainty_m":null,"post_id":null,"province":"Lâm Đồng","province_id":"vn.lam-dong.2025","province_origin_id":"vn.dak-nong","revision":2,"side":null,"source":null,"source_id":null,"stage":"located","stage_as_of":"2010-01-01","surveyed_crs":null,"surveyed_x":null,"surveyed_y":null,"valid_from":null,"valid_to":null}}', '\xb81d19fcc295524c45bcc101840f369f44eebe75367fa599b3bcd953452f13f1', '\xc00987ce0a825594f0a5757f70729660875c8901e44af9676ffb5f17a8bfea84');
INSERT INTO old_register.history VALUES (10, '2026-11-22T14:50:51.739+00:00', 'a tester', 'create', 'marker_events', '01m81vt3t4x84bch9pwpck2s0z', 1, 'to see', NULL, '{"geometry":null,"properties":{"classification":"public","confidence":null,"date":"2012-05-01","date_precision":null,"document":null,"event":"built","evidence":null,"evidence_vi":null,"marker_id":"vn-kh.48.0.1","note":null,"note_vi":null,"revision":1,"source":null,"source_id":null,"valid_from":null,"valid_to":null}}', '\xc00987ce0a825594f0a5757f70729660875c8901e44af9676ffb5f17a8bfea84', '\x6ecafa5dbb5802b6530c78ab6074c7f53a198d89a11a0e574417f041e87f84ba');

INSERT INTO old_register.marker_events VALUES (1, 'vn-kh.48.0.1.located.2010-01-01', 'vn-kh.48.0.1', 'located', '2010-01-01', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'high', NULL, NULL, 'public', 1);
INSERT INTO old_register.marker_events VALUES (2, '01m81vt3t4x84bch9pwpck2s0z', 'vn-kh.48.0.1', 'built', '2012-05-01', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'public', 1);

INSERT INTO old_register.marker_events_view VALUES (1, 'vn-kh.48.0.1.located.2010-01-01', 15, '0001-01-01', '9999-12-31', '9999-12-31', 'vn-kh.48.0.1', 'located', '2010-01-01', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'high', NULL, NULL, 'public', 1, '{"type":"Feature","id":"vn-kh.48.0.1.located.2010-01-01","geometry":null,"properties":{"marker_id":"vn-kh.48.0.1","event":"located","date":"2010-01-01","date_precision":null,"document":null,"evidence":null,"evidence_vi":null,"valid_from":null,"valid_to":null,"source":null,"source_id":null,"confidence":"high","note":null,"note_vi":null,"classification":"public","revision":1}}');
INSERT INTO old_register.marker_events_view VALUES (2, '01m81vt3t4x84bch9pwpck2s0z', 15, '0001-01-01', '9999-12-31', '9999-12-31', 'vn-kh.48.0.1', 'built', '2012-05-01', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'public', 1, '{"type":"Feature","id":"01m81vt3t4x84bch9pwpck2s0z","geometry":null,"properties":{"marker_id":"vn-kh.48.0.1","event":"built","date":"2012-05-01","date_precision":null,"document":null,"evidence":null,"evidence_vi":null,"valid_from":null,"valid_to":null,"source":null,"source_id":null,"confidence":null,"note":null,"note_vi":null,"classification":"public","revision":1}}');

INSERT INTO old_register.markers VALUES (2, '0101000020E61000003333333333D35A40CDCCCCCCCCCC2840', 'vn-kh.49.0.1', 'vn-kh.49.0.1', NULL, NULL, NULL, NULL, NULL, 'VN-KH', NULL, 'Lâm Đồng', 'vn.lam-dong.2025', 'vn.dak-nong', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'unknown', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'high', NULL, NULL, 'public', 1);
INSERT INTO old_register.markers VALUES (1, '0101000020E6100000A5D14DB7E6C75A4054702FD3FCB02840', 'vn-kh.48.0.1', 'vn-kh.48.0.1', NULL, NULL, NULL, NULL, NULL, 'VN-KH', NULL, 'Lâm Đồng', 'vn.lam-dong.2025', 'vn.dak-nong', NULL, NULL, NULL, NULL, NULL, 'built', '2012-05-01', 'unknown', NULL, NULL, 'indicative', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'high', 'đã sửa', NULL, 'public', 2);

INSERT INTO old_register.markers_view VALUES (4, 'vn-kh.49.0.1', 15, '0001-01-01', '2025-07-01', '2025-07-01', 'vn-kh.49.0.1', NULL, NULL, NULL, NULL, NULL, 'VN-KH', NULL, 'Đắk Nông', 'vn.dak-nong', 'vn.dak-nong', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'unknown', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'high', NULL, NULL, 'public', 1, 107.3, 12.4, 107.3, 12.4, NULL, '{"type":"Feature","id":"vn-kh.49.0.1","geometry":{"type":"Point","coordinates":[107.3,12.4]},"properties":{"number":"vn-kh.49.0.1","name_vi":null,"main":null,"aux":null,"k":null,"position_id":null,"border":"VN-KH","border_ids":null,"province":"Đắk Nông","province_id":"vn.dak-nong","province_origin_id":"vn.dak-nong","locality":null,"kind":null,"multiplicity":null,"marker_class":null,"side":null,"stage":null,"stage_as_of":null,"condition":"unknown","condition_as_of":null,"inspection_due":null,"position_quality":null,"position_uncertainty_m":null,"position_method":null,"position_method_vi":null,"surveyed_x":null,"surveyed_y":null,"surveyed_crs":null,"datum_operation":null,"height_m":null,"height_datum":null,"post_id":null,"valid_from":null,"valid_to":null,"source":null,"source_id":null,"confidence":"high","note":null,"note_vi":null,"classification":"public","revision":1}}');
INSERT INTO old_register.markers_view VALUES (5, 'vn-kh.49.0.1', 15, '2025-07-01', '9999-12-31', '9999-12-31', 'vn-kh.49.0.1', NULL, NULL, NULL, NULL, NULL, 'VN-KH', NULL, 'Lâm Đồng', 'vn.lam-dong.2025', 'vn.dak-nong', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'unknown', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'high', NULL, NULL, 'public', 1, 107.3, 12.4, 107.3, 12.4, NULL, '{"type":"Feature","id":"vn-kh.49.0.1","geometry":{"type":"Point","coordinates":[107.3,12.4]},"properties":{"number":"vn-kh.49.0.1","name_vi":null,"main":null,"aux":null,"k":null,"position_id":null,"border":"VN-KH","border_ids":null,"province":"Lâm Đồng","province_id":"vn.lam-dong.2025","province_origin_id":"vn.dak-nong","locality":null,"kind":null,"multiplicity":null,"marker_class":null,"side":null,"stage":null,"stage_as_of":null,"condition":"unknown","condition_as_of":null,"inspection_due":null,"position_quality":null,"position_uncertainty_m":null,"position_method":null,"position_method_vi":null,"surveyed_x":null,"surveyed_y":null,"surveyed_crs":null,"datum_operation":null,"height_m":null,"height_datum":null,"post_id":null,"valid_from":null,"valid_to":null,"source":null,"source_id":null,"confidence":"high","note":null,"note_vi":null,"classification":"public","revision":1}}');
INSERT INTO old_register.markers_view VALUES (6, 'vn-kh.48.0.1', 15, '0001-01-01', '2010-01-01', '2010-01-01', 'vn-kh.48.0.1', NULL, NULL, NULL, NULL, NULL, 'VN-KH', NULL, 'Đắk Nông', 'vn.dak-nong', 'vn.dak-nong', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'unknown', NULL, NULL, 'indicative', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'high', 'đã sửa', NULL, 'public', 2, 107.123456789012, 12.3456789012345, 107.123456789012, 12.3456789012345, NULL, '{"type":"Feature","id":"vn-kh.48.0.1","geometry":{"type":"Point","coordinates":[107.1234568,12.3456789]},"properties":{"number":"vn-kh.48.0.1","name_vi":null,"main":null,"aux":null,"k":null,"position_id":null,"border":"VN-KH","border_ids":null,"province":"Đắk Nông","province_id":"vn.dak-nong","province_origin_id":"vn.dak-nong","locality":null,"kind":null,"multiplicity":null,"marker_class":null,"side":null,"stage":null,"stage_as_of":null,"condition":"unknown","condition_as_of":null,"inspection_due":null,"position_quality":"indicative","position_uncertainty_m":null,"position_method":null,"position_method_vi":null,"surveyed_x":null,"surveyed_y":null,"surveyed_crs":null,"datum_operation":null,"height_m":null,"height_datum":null,"post_id":null,"valid_from":null,"valid_to":null,"source":null,"source_id":null,"confidence":"high","note":"đã sửa","note_vi":null,"classification":"public","revision":2}}');
INSERT INTO old_register.markers_view VALUES (1, 'vn-kh.48.0.1', 15, '2010-01-01', '2012-05-01', '2012-05-01', 'vn-kh.48.0.1', NULL, NULL, NULL, NULL, NULL, 'VN-KH', NULL, 'Đắk Nông', 'vn.dak-nong', 'vn.dak-nong', NULL, NULL, NULL, NULL, NULL, 'located', '2010-01-01', 'unknown', NULL, NULL, 'indicative', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'high', 'đã sửa', NULL, 'public', 2, 107.123456789012, 12.3456789012345, 107.123456789012, 12.3456789012345, NULL, '{"type":"Feature","id":"vn-kh.48.0.1","geometry":{"type":"Point","coordinates":[107.1234568,12.3456789]},"properties":{"number":"vn-kh.48.0.1","name_vi":null,"main":null,"aux":null,"k":null,"position_id":null,"border":"VN-KH","border_ids":null,"province":"Đắk Nông","province_id":"vn.dak-nong","province_origin_id":"vn.dak-nong","locality":null,"kind":null,"multiplicity":null,"marker_class":null,"side":null,"stage":"located","stage_as_of":"2010-01-01","condition":"unknown","condition_as_of":null,"inspection_due":null,"position_quality":"indicative","position_uncertainty_m":null,"position_method":null,"position_method_vi":null,"surveyed_x":null,"surveyed_y":null,"surveyed_crs":null,"datum_operation":null,"height_m":null,"height_datum":null,"post_id":null,"valid_from":null,"valid_to":null,"source":null,"source_id":null,"confidence":"high","note":"đã sửa","note_vi":null,"classification":"public","revision":2}}');
INSERT INTO old_register.markers_view VALUES (2, 'vn-kh.48.0.1', 15, '2012-05-01', '2025-07-01', '2025-07-01', 'vn-kh.48.0.1', NULL, NULL, NULL, NULL, NULL, 'VN-KH', NULL, 'Đắk Nông', 'vn.dak-nong', 'vn.dak-nong', NULL, NULL, NULL, NULL, NULL, 'built', '2012-05-01', 'unknown', NULL, NULL, 'indicative', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'high', 'đã sửa', NULL, 'public', 2, 107.123456789012, 12.3456789012345, 107.123456789012, 12.3456789012345, NULL, '{"type":"Feature","id":"vn-kh.48.0.1","geometry":{"type":"Point","coordinates":[107.1234568,12.3456789]},"properties":{"number":"vn-kh.48.0.1","name_vi":null,"main":null,"aux":null,"k":null,"position_id":null,"border":"VN-KH","border_ids":null,"province":"Đắk Nông","province_id":"vn.dak-nong","province_origin_id":"vn.dak-nong","locality":null,"kind":null,"multiplicity":null,"marker_class":null,"side":null,"stage":"built","stage_as_of":"2012-05-01","condition":"unknown","condition_as_of":null,"inspection_due":null,"position_quality":"indicative","position_uncertainty_m":null,"position_method":null,"position_method_vi":null,"surveyed_x":null,"surveyed_y":null,"surveyed_crs":null,"datum_operation":null,"height_m":null,"height_datum":null,"post_id":null,"valid_from":null,"valid_to":null,"source":null,"source_id":null,"confidence":"high","note":"đã sửa","note_vi":null,"classification":"public","revision":2}}');
INSERT INTO old_register.markers_view VALUES (3, 'vn-kh.48.0.1', 15, '2025-07-01', '9999-12-31', '9999-12-31', 'vn-kh.48.0.1', NULL, NULL, NULL, NULL, NULL, 'VN-KH', NULL, 'Lâm Đồng', 'vn.lam-dong.2025', 'vn.dak-nong', NULL, NULL, NULL, NULL, NULL, 'built', '2012-05-01', 'unknown', NULL, NULL, 'indicative', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'high', 'đã sửa', NULL, 'public', 2, 107.123456789012, 12.3456789012345, 107.123456789012, 12.3456789012345, NULL, '{"type":"Feature","id":"vn-kh.48.0.1","geometry":{"type":"Point","coordinates":[107.1234568,12.3456789]},"properties":{"number":"vn-kh.48.0.1","name_vi":null,"main":null,"aux":null,"k":null,"position_id":null,"border":"VN-KH","border_ids":null,"province":"Lâm Đồng","province_id":"vn.lam-dong.2025","province_origin_id":"vn.dak-nong","locality":null,"kind":null,"multiplicity":null,"marker_class":null,"side":null,"stage":"built","stage_as_of":"2012-05-01","condition":"unknown","condition_as_of":null,"inspection_due":null,"position_quality":"indicative","position_uncertainty_m":null,"position_method":null,"position_method_vi":null,"surveyed_x":null,"surveyed_y":null,"surveyed_crs":null,"datum_operation":null,"height_m":null,"height_datum":null,"post_id":null,"valid_from":null,"valid_to":null,"source":null,"source_id":null,"confidence":"high","note":"đã sửa","note_vi":null,"classification":"public","revision":2}}');

INSERT INTO old_register.register VALUES ('schema', '3');
INSERT INTO old_register.register VALUES ('identity', 'b4a592049134436a8ba18899746992ec');
INSERT INTO old_register.register VALUES ('exercise', 'false');

INSERT INTO old_register.revisions VALUES ('sources', 0);
INSERT INTO old_register.revisions VALUES ('borders', 0);
INSERT INTO old_register.revisions VALUES ('islands', 0);
INSERT INTO old_register.revisions VALUES ('positions', 0);
INSERT INTO old_register.revisions VALUES ('inspections', 0);
INSERT INTO old_register.revisions VALUES ('progress', 0);
INSERT INTO old_register.revisions VALUES ('corridors', 0);
INSERT INTO old_register.revisions VALUES ('projects', 0);
INSERT INTO old_register.revisions VALUES ('agreements', 0);
INSERT INTO old_register.revisions VALUES ('commitments', 0);
INSERT INTO old_register.revisions VALUES ('exchanges', 0);
INSERT INTO old_register.revisions VALUES ('indicators', 0);
INSERT INTO old_register.revisions VALUES ('places', 0);
INSERT INTO old_register.revisions VALUES ('posts', 0);
INSERT INTO old_register.revisions VALUES ('admin_units', 3);
INSERT INTO old_register.revisions VALUES ('gates', 2);
INSERT INTO old_register.revisions VALUES ('marker_events', 2);
INSERT INTO old_register.revisions VALUES ('markers', 4);

INSERT INTO old_register.search_index VALUES (1, 'admin_units', 'vn.dak-nong', 15, 'dak nong · dak nong · vn.dak nong · vn 72', 'Đắk Nông', 'Đắk Nông', 'Đơn vị hành chính · VN', 'Administrative units · VN', 9, '[107.0,12.0,108.0,13.0]');
INSERT INTO old_register.search_index VALUES (2, 'admin_units', 'vn.lam-dong', 15, 'lam dong · lam dong · vn.lam dong', 'Lâm Đồng', 'Lâm Đồng', 'Đơn vị hành chính · VN', 'Administrative units · VN', 9, '[107.0,12.0,108.0,13.0]');
INSERT INTO old_register.search_index VALUES (3, 'admin_units', 'vn.lam-dong.2025', 15, 'lam dong · lam dong · vn.lam dong.2025', 'Lâm Đồng', 'Lâm Đồng', 'Đơn vị hành chính · VN', 'Administrative units · VN', 9.5, '[107.0,12.0,108.0,13.0]');
INSERT INTO old_register.search_index VALUES (5, 'markers', 'vn-kh.49.0.1', 15, 'cot moc vn kh.49.0.1 · marker vn kh.49.0.1 · lam dong · vn kh.49.0.1', 'Cột mốc vn-kh.49.0.1', 'Marker vn-kh.49.0.1', 'Cột mốc · Lâm Đồng', 'Border markers · Lâm Đồng', 6.5, '[107.3,12.4,107.3,12.4]');
INSERT INTO old_register.search_index VALUES (6, 'gates', 'g', 15, 'moi · moi · g', 'Mới', 'Mới', 'Cửa khẩu', 'Border gates', 8.5, '[107.0,12.0,107.0,12.0]');
INSERT INTO old_register.search_index VALUES (8, 'markers', 'vn-kh.48.0.1', 15, 'cot moc vn kh.48.0.1 · marker vn kh.48.0.1 · lam dong · vn kh.48.0.1', 'Cột mốc vn-kh.48.0.1', 'Marker vn-kh.48.0.1', 'Cột mốc · Lâm Đồng', 'Border markers · Lâm Đồng', 6.5, '[107.123456789012,12.3456789012345,107.123456789012,12.3456789012345]');

SELECT pg_catalog.setval('old_register.admin_units_fid_seq', 3, true);

SELECT pg_catalog.setval('old_register.admin_units_view_vid_seq', 1, false);

SELECT pg_catalog.setval('old_register.agreements_fid_seq', 1, false);

SELECT pg_catalog.setval('old_register.agreements_view_vid_seq', 1, false);

SELECT pg_catalog.setval('old_register.borders_fid_seq', 1, false);

SELECT pg_catalog.setval('old_register.borders_view_vid_seq', 1, false);

SELECT pg_catalog.setval('old_register.commitments_fid_seq', 1, false);

SELECT pg_catalog.setval('old_register.commitments_view_vid_seq', 1, false);

SELECT pg_catalog.setval('old_register.corridors_fid_seq', 1, false);

SELECT pg_catalog.setval('old_register.corridors_view_vid_seq', 1, false);

SELECT pg_catalog.setval('old_register.exchanges_fid_seq', 1, false);

SELECT pg_catalog.setval('old_register.exchanges_view_vid_seq', 1, false);

SELECT pg_catalog.setval('old_register.gates_fid_seq', 2, true);

SELECT pg_catalog.setval('old_register.gates_view_vid_seq', 1, false);

SELECT pg_catalog.setval('old_register.history_seq_seq', 1, false);

SELECT pg_catalog.setval('old_register.indicators_fid_seq', 1, false);

SELECT pg_catalog.setval('old_register.indicators_view_vid_seq', 1, false);

SELECT pg_catalog.setval('old_register.inspections_fid_seq', 1, false);

SELECT pg_catalog.setval('old_register.inspections_view_vid_seq', 1, false);

SELECT pg_catalog.setval('old_register.islands_fid_seq', 1, false);

SELECT pg_catalog.setval('old_register.islands_view_vid_seq', 1, false);

SELECT pg_catalog.setval('old_register.marker_events_fid_seq', 2, true);

SELECT pg_catalog.setval('old_register.marker_events_view_vid_seq', 1, false);

SELECT pg_catalog.setval('old_register.markers_fid_seq', 2, true);

SELECT pg_catalog.setval('old_register.markers_view_vid_seq', 1, false);

SELECT pg_catalog.setval('old_register.places_fid_seq', 1, false);

SELECT pg_catalog.setval('old_register.places_view_vid_seq', 1, false);

SELECT pg_catalog.setval('old_register.positions_fid_seq', 1, false);

SELECT pg_catalog.setval('old_register.positions_view_vid_seq', 1, false);

SELECT pg_catalog.setval('old_register.posts_fid_seq', 1, false);

SELECT pg_catalog.setval('old_register.posts_view_vid_seq', 1, false);

SELECT pg_catalog.setval('old_register.progress_fid_seq', 1, false);

SELECT pg_catalog.setval('old_register.progress_view_vid_seq', 1, false);

SELECT pg_catalog.setval('old_register.projects_fid_seq', 1, false);

SELECT pg_catalog.setval('old_register.projects_view_vid_seq', 1, false);

SELECT pg_catalog.setval('old_register.search_index_seq_seq', 8, true);

SELECT pg_catalog.setval('old_register.sources_fid_seq', 1, false);

SELECT pg_catalog.setval('old_register.sources_view_vid_seq', 1, false);

ALTER TABLE ONLY old_register.admin_units
    ADD CONSTRAINT admin_units_pkey PRIMARY KEY (fid);

ALTER TABLE ONLY old_register.admin_units_view
    ADD CONSTRAINT admin_units_view_pkey PRIMARY KEY (vid);

ALTER TABLE ONLY old_register.agreements
    ADD CONSTRAINT agreements_pkey PRIMARY KEY (fid);

ALTER TABLE ONLY old_register.agreements_view
    ADD CONSTRAINT agreements_view_pkey PRIMARY KEY (vid);

ALTER TABLE ONLY old_register.borders
    ADD CONSTRAINT borders_pkey PRIMARY KEY (fid);

ALTER TABLE ONLY old_register.borders_view
    ADD CONSTRAINT borders_view_pkey PRIMARY KEY (vid);

ALTER TABLE ONLY old_register.cells
    ADD CONSTRAINT cells_pkey PRIMARY KEY (layer, cell);

ALTER TABLE ONLY old_register.commitments
    ADD CONSTRAINT commitments_pkey PRIMARY KEY (fid);

ALTER TABLE ONLY old_register.commitments_view
    ADD CONSTRAINT commitments_view_pkey PRIMARY KEY (vid);

ALTER TABLE ONLY old_register.corridors
    ADD CONSTRAINT corridors_pkey PRIMARY KEY (fid);

ALTER TABLE ONLY old_register.corridors_view
    ADD CONSTRAINT corridors_view_pkey PRIMARY KEY (vid);

ALTER TABLE ONLY old_register.exchanges
    ADD CONSTRAINT exchanges_pkey PRIMARY KEY (fid);

ALTER TABLE ONLY old_register.exchanges_view
    ADD CONSTRAINT exchanges_view_pkey PRIMARY KEY (vid);

ALTER TABLE ONLY old_register.gates
    ADD CONSTRAINT gates_pkey PRIMARY KEY (fid);

ALTER TABLE ONLY old_register.gates_view
    ADD CONSTRAINT gates_view_pkey PRIMARY KEY (vid);

ALTER TABLE ONLY old_register.history
    ADD CONSTRAINT history_pkey PRIMARY KEY (seq);

ALTER TABLE ONLY old_register.indicators
    ADD CONSTRAINT indicators_pkey PRIMARY KEY (fid);

ALTER TABLE ONLY old_register.indicators_view
    ADD CONSTRAINT indicators_view_pkey PRIMARY KEY (vid);

ALTER TABLE ONLY old_register.inspections
    ADD CONSTRAINT inspections_pkey PRIMARY KEY (fid);

ALTER TABLE ONLY old_register.inspections_view
    ADD CONSTRAINT inspections_view_pkey PRIMARY KEY (vid);

ALTER TABLE ONLY old_register.islands
    ADD CONSTRAINT islands_pkey PRIMARY KEY (fid);

ALTER TABLE ONLY old_register.islands_view
    ADD CONSTRAINT islands_view_pkey PRIMARY KEY (vid);

ALTER TABLE ONLY old_register.marker_events
    ADD CONSTRAINT marker_events_pkey PRIMARY KEY (fid);

ALTER TABLE ONLY old_register.marker_events_view
    ADD CONSTRAINT marker_events_view_pkey PRIMARY KEY (vid);

ALTER TABLE ONLY old_register.markers
    ADD CONSTRAINT markers_pkey PRIMARY KEY (fid);

ALTER TABLE ONLY old_register.markers_view
    ADD CONSTRAINT markers_view_pkey PRIMARY KEY (vid);

ALTER TABLE ONLY old_register.places
    ADD CONSTRAINT places_pkey PRIMARY KEY (fid);

ALTER TABLE ONLY old_register.places_view
    ADD CONSTRAINT places_view_pkey PRIMARY KEY (vid);

ALTER TABLE ONLY old_register.positions
    ADD CONSTRAINT positions_pkey PRIMARY KEY (fid);

ALTER TABLE ONLY old_register.positions_view
    ADD CONSTRAINT positions_view_pkey PRIMARY KEY (vid);

ALTER TABLE ONLY old_register.posts
    ADD CONSTRAINT posts_pkey PRIMARY KEY (fid);

ALTER TABLE ONLY old_register.posts_view
    ADD CONSTRAINT posts_view_pkey PRIMARY KEY (vid);

ALTER TABLE ONLY old_register.progress
    ADD CONSTRAINT progress_pkey PRIMARY KEY (fid);

ALTER TABLE ONLY old_register.progress_view
    ADD CONSTRAINT progress_view_pkey PRIMARY KEY (vid);

ALTER TABLE ONLY old_register.projects
    ADD CONSTRAINT projects_pkey PRIMARY KEY (fid);

ALTER TABLE ONLY old_register.projects_view
    ADD CONSTRAINT projects_view_pkey PRIMARY KEY (vid);

ALTER TABLE ONLY old_register.register
    ADD CONSTRAINT register_pkey PRIMARY KEY (key);

ALTER TABLE ONLY old_register.revisions
    ADD CONSTRAINT revisions_pkey PRIMARY KEY (layer);

ALTER TABLE ONLY old_register.search_index
    ADD CONSTRAINT search_index_layer_id_audiences_key UNIQUE (layer, id, audiences);

ALTER TABLE ONLY old_register.search_index
    ADD CONSTRAINT search_index_pkey PRIMARY KEY (seq);

ALTER TABLE ONLY old_register.sources
    ADD CONSTRAINT sources_pkey PRIMARY KEY (fid);

ALTER TABLE ONLY old_register.sources_view
    ADD CONSTRAINT sources_view_pkey PRIMARY KEY (vid);

CREATE INDEX admin_units_box ON old_register.admin_units_view USING gist (public.st_makeenvelope(w, s, e, n, 4326));

CREATE INDEX admin_units_geom ON old_register.admin_units USING gist (geom);

CREATE UNIQUE INDEX admin_units_key ON old_register.admin_units USING btree (id, COALESCE(valid_from, ''::text));

CREATE INDEX admin_units_latest_box ON old_register.admin_units_view USING gist (public.st_makeenvelope(w, s, e, n, 4326)) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX admin_units_view_country ON old_register.admin_units_view USING btree (country);

CREATE INDEX admin_units_view_id ON old_register.admin_units_view USING btree (id, t_from);

CREATE INDEX admin_units_view_latest ON old_register.admin_units_view USING btree (vid, t_from, t_to, audiences, t_next) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX admin_units_view_latest_country ON old_register.admin_units_view USING btree (country, vid, t_from, t_to, audiences, t_next) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX admin_units_view_latest_level ON old_register.admin_units_view USING btree (level, vid, t_from, t_to, audiences, t_next) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX admin_units_view_level ON old_register.admin_units_view USING btree (level);

CREATE INDEX admin_units_view_t_from ON old_register.admin_units_view USING btree (t_from);

CREATE INDEX admin_units_view_t_to ON old_register.admin_units_view USING btree (t_to);

CREATE INDEX admin_units_view_when ON old_register.admin_units_view USING btree (t_next, t_from, t_to, audiences, w, s);

CREATE UNIQUE INDEX agreements_key ON old_register.agreements USING btree (id, COALESCE(valid_from, ''::text));

CREATE INDEX agreements_view_id ON old_register.agreements_view USING btree (id, t_from);

CREATE INDEX agreements_view_latest ON old_register.agreements_view USING btree (vid, t_from, t_to, audiences, t_next) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX agreements_view_latest_level ON old_register.agreements_view USING btree (level, vid, t_from, t_to, audiences, t_next) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX agreements_view_latest_province_id ON old_register.agreements_view USING btree (province_id, vid, t_from, t_to, audiences, t_next) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX agreements_view_latest_province_origin_id ON old_register.agreements_view USING btree (province_origin_id, vid, t_from, t_to, audiences, t_next) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX agreements_view_level ON old_register.agreements_view USING btree (level);

CREATE INDEX agreements_view_province_id ON old_register.agreements_view USING btree (province_id);

CREATE INDEX agreements_view_province_origin_id ON old_register.agreements_view USING btree (province_origin_id);

CREATE INDEX agreements_view_when ON old_register.agreements_view USING btree (t_next, t_from, t_to, audiences);

CREATE INDEX borders_box ON old_register.borders_view USING gist (public.st_makeenvelope(w, s, e, n, 4326));

CREATE INDEX borders_geom ON old_register.borders USING gist (geom);

CREATE UNIQUE INDEX borders_key ON old_register.borders USING btree (id, COALESCE(valid_from, ''::text));

CREATE INDEX borders_latest_box ON old_register.borders_view USING gist (public.st_makeenvelope(w, s, e, n, 4326)) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX borders_view_border ON old_register.borders_view USING btree (border);

CREATE INDEX borders_view_country ON old_register.borders_view USING btree (country);

CREATE INDEX borders_view_id ON old_register.borders_view USING btree (id, t_from);

CREATE INDEX borders_view_latest ON old_register.borders_view USING btree (vid, t_from, t_to, audiences, t_next) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX borders_view_latest_border ON old_register.borders_view USING btree (border, vid, t_from, t_to, audiences, t_next) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX borders_view_latest_country ON old_register.borders_view USING btree (country, vid, t_from, t_to, audiences, t_next) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX borders_view_latest_level ON old_register.borders_view USING btree (level, vid, t_from, t_to, audiences, t_next) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX borders_view_latest_province_id ON old_register.borders_view USING btree (province_id, vid, t_from, t_to, audiences, t_next) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX borders_view_latest_province_origin_id ON old_register.borders_view USING btree (province_origin_id, vid, t_from, t_to, audiences, t_next) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX borders_view_level ON old_register.borders_view USING btree (level);

CREATE INDEX borders_view_province_id ON old_register.borders_view USING btree (province_id);

CREATE INDEX borders_view_province_origin_id ON old_register.borders_view USING btree (province_origin_id);

CREATE INDEX borders_view_t_from ON old_register.borders_view USING btree (t_from);

CREATE INDEX borders_view_t_to ON old_register.borders_view USING btree (t_to);

CREATE INDEX borders_view_when ON old_register.borders_view USING btree (t_next, t_from, t_to, audiences, w, s);

CREATE UNIQUE INDEX commitments_key ON old_register.commitments USING btree (id, COALESCE(valid_from, ''::text));

CREATE INDEX commitments_view_id ON old_register.commitments_view USING btree (id, t_from);

CREATE INDEX commitments_view_latest ON old_register.commitments_view USING btree (vid, t_from, t_to, audiences, t_next) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX commitments_view_latest_province_id ON old_register.commitments_view USING btree (province_id, vid, t_from, t_to, audiences, t_next) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX commitments_view_latest_province_origin_id ON old_register.commitments_view USING btree (province_origin_id, vid, t_from, t_to, audiences, t_next) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX commitments_view_province_id ON old_register.commitments_view USING btree (province_id);

CREATE INDEX commitments_view_province_origin_id ON old_register.commitments_view USING btree (province_origin_id);

CREATE INDEX commitments_view_when ON old_register.commitments_view USING btree (t_next, t_from, t_to, audiences);

CREATE INDEX corridors_box ON old_register.corridors_view USING gist (public.st_makeenvelope(w, s, e, n, 4326));

CREATE INDEX corridors_geom ON old_register.corridors USING gist (geom);

CREATE UNIQUE INDEX corridors_key ON old_register.corridors USING btree (id, COALESCE(valid_from, ''::text));

CREATE INDEX corridors_latest_box ON old_register.corridors_view USING gist (public.st_makeenvelope(w, s, e, n, 4326)) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX corridors_view_corridor_id ON old_register.corridors_view USING btree (corridor_id);

CREATE INDEX corridors_view_id ON old_register.corridors_view USING btree (id, t_from);

CREATE INDEX corridors_view_latest ON old_register.corridors_view USING btree (vid, t_from, t_to, audiences, t_next) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX corridors_view_latest_corridor_id ON old_register.corridors_view USING btree (corridor_id, vid, t_from, t_to, audiences, t_next) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX corridors_view_t_from ON old_register.corridors_view USING btree (t_from);

CREATE INDEX corridors_view_t_to ON old_register.corridors_view USING btree (t_to);

CREATE INDEX corridors_view_when ON old_register.corridors_view USING btree (t_next, t_from, t_to, audiences, w, s);

CREATE UNIQUE INDEX exchanges_key ON old_register.exchanges USING btree (id, COALESCE(valid_from, ''::text));

CREATE INDEX exchanges_view_id ON old_register.exchanges_view USING btree (id, t_from);

CREATE INDEX exchanges_view_latest ON old_register.exchanges_view USING btree (vid, t_from, t_to, audiences, t_next) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX exchanges_view_latest_province_id ON old_register.exchanges_view USING btree (province_id, vid, t_from, t_to, audiences, t_next) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX exchanges_view_latest_province_origin_id ON old_register.exchanges_view USING btree (province_origin_id, vid, t_from, t_to, audiences, t_next) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX exchanges_view_province_id ON old_register.exchanges_view USING btree (province_id);

CREATE INDEX exchanges_view_province_origin_id ON old_register.exchanges_view USING btree (province_origin_id);

CREATE INDEX exchanges_view_when ON old_register.exchanges_view USING btree (t_next, t_from, t_to, audiences);

CREATE INDEX gates_box ON old_register.gates_view USING gist (public.st_makeenvelope(w, s, e, n, 4326));

CREATE INDEX gates_geom ON old_register.gates USING gist (geom);

CREATE UNIQUE INDEX gates_key ON old_register.gates USING btree (id, COALESCE(valid_from, ''::text));

CREATE INDEX gates_latest_box ON old_register.gates_view USING gist (public.st_makeenvelope(w, s, e, n, 4326)) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX gates_view_border ON old_register.gates_view USING btree (border);

CREATE INDEX gates_view_id ON old_register.gates_view USING btree (id, t_from);

CREATE INDEX gates_view_latest ON old_register.gates_view USING btree (vid, t_from, t_to, audiences, t_next) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX gates_view_latest_border ON old_register.gates_view USING btree (border, vid, t_from, t_to, audiences, t_next) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX gates_view_latest_province_id ON old_register.gates_view USING btree (province_id, vid, t_from, t_to, audiences, t_next) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX gates_view_latest_province_origin_id ON old_register.gates_view USING btree (province_origin_id, vid, t_from, t_to, audiences, t_next) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX gates_view_province_id ON old_register.gates_view USING btree (province_id);

CREATE INDEX gates_view_province_origin_id ON old_register.gates_view USING btree (province_origin_id);

CREATE INDEX gates_view_t_from ON old_register.gates_view USING btree (t_from);

CREATE INDEX gates_view_t_to ON old_register.gates_view USING btree (t_to);

CREATE INDEX gates_view_told ON old_register.gates_view USING btree (vid, id, name_vi, name_en, gate_class, t_next) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX gates_view_when ON old_register.gates_view USING btree (t_next, t_from, t_to, audiences, w, s);

CREATE INDEX history_feature ON old_register.history USING btree (layer, feature_id);

CREATE UNIQUE INDEX indicators_key ON old_register.indicators USING btree (id, COALESCE(valid_from, ''::text));

CREATE INDEX indicators_view_id ON old_register.indicators_view USING btree (id, t_from);

CREATE INDEX indicators_view_latest ON old_register.indicators_view USING btree (vid, t_from, t_to, audiences, t_next) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX indicators_view_latest_province_id ON old_register.indicators_view USING btree (province_id, vid, t_from, t_to, audiences, t_next) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX indicators_view_latest_province_origin_id ON old_register.indicators_view USING btree (province_origin_id, vid, t_from, t_to, audiences, t_next) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX indicators_view_province_id ON old_register.indicators_view USING btree (province_id);

CREATE INDEX indicators_view_province_origin_id ON old_register.indicators_view USING btree (province_origin_id);

CREATE INDEX indicators_view_when ON old_register.indicators_view USING btree (t_next, t_from, t_to, audiences);

CREATE INDEX inspections_box ON old_register.inspections_view USING gist (public.st_makeenvelope(w, s, e, n, 4326));

CREATE INDEX inspections_geom ON old_register.inspections USING gist (geom);

CREATE UNIQUE INDEX inspections_key ON old_register.inspections USING btree (id, COALESCE(valid_from, ''::text));

CREATE INDEX inspections_latest_box ON old_register.inspections_view USING gist (public.st_makeenvelope(w, s, e, n, 4326)) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX inspections_view_condition ON old_register.inspections_view USING btree (condition);

CREATE INDEX inspections_view_id ON old_register.inspections_view USING btree (id, t_from);

CREATE INDEX inspections_view_latest ON old_register.inspections_view USING btree (vid, t_from, t_to, audiences, t_next, condition) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX inspections_view_latest_condition ON old_register.inspections_view USING btree (condition, vid, t_from, t_to, audiences, t_next) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX inspections_view_marker_id ON old_register.inspections_view USING btree (marker_id);

CREATE INDEX inspections_view_t_from ON old_register.inspections_view USING btree (t_from);

CREATE INDEX inspections_view_t_to ON old_register.inspections_view USING btree (t_to);

CREATE INDEX inspections_view_told ON old_register.inspections_view USING btree (vid, id, at, marker_id, mode, condition, t_next) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX inspections_view_when ON old_register.inspections_view USING btree (t_next, t_from, t_to, audiences, w, s, condition);

CREATE INDEX islands_box ON old_register.islands_view USING gist (public.st_makeenvelope(w, s, e, n, 4326));

CREATE INDEX islands_geom ON old_register.islands USING gist (geom);

CREATE UNIQUE INDEX islands_key ON old_register.islands USING btree (id, COALESCE(valid_from, ''::text));

CREATE INDEX islands_latest_box ON old_register.islands_view USING gist (public.st_makeenvelope(w, s, e, n, 4326)) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX islands_view_id ON old_register.islands_view USING btree (id, t_from);

CREATE INDEX islands_view_latest ON old_register.islands_view USING btree (vid, t_from, t_to, audiences, t_next) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX islands_view_latest_province_id ON old_register.islands_view USING btree (province_id, vid, t_from, t_to, audiences, t_next) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX islands_view_latest_province_origin_id ON old_register.islands_view USING btree (province_origin_id, vid, t_from, t_to, audiences, t_next) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX islands_view_province_id ON old_register.islands_view USING btree (province_id);

CREATE INDEX islands_view_province_origin_id ON old_register.islands_view USING btree (province_origin_id);

CREATE INDEX islands_view_t_from ON old_register.islands_view USING btree (t_from);

CREATE INDEX islands_view_t_to ON old_register.islands_view USING btree (t_to);

CREATE INDEX islands_view_when ON old_register.islands_view USING btree (t_next, t_from, t_to, audiences, w, s);

CREATE UNIQUE INDEX marker_events_key ON old_register.marker_events USING btree (id, COALESCE(valid_from, ''::text));

CREATE INDEX marker_events_view_id ON old_register.marker_events_view USING btree (id, t_from);

CREATE INDEX marker_events_view_latest ON old_register.marker_events_view USING btree (vid, t_from, t_to, audiences, t_next) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX marker_events_view_marker_id ON old_register.marker_events_view USING btree (marker_id);

CREATE INDEX marker_events_view_when ON old_register.marker_events_view USING btree (t_next, t_from, t_to, audiences);

CREATE INDEX markers_box ON old_register.markers_view USING gist (public.st_makeenvelope(w, s, e, n, 4326));

CREATE INDEX markers_geom ON old_register.markers USING gist (geom);

CREATE UNIQUE INDEX markers_key ON old_register.markers USING btree (id, COALESCE(valid_from, ''::text));

CREATE INDEX markers_latest_box ON old_register.markers_view USING gist (public.st_makeenvelope(w, s, e, n, 4326)) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX markers_view_border ON old_register.markers_view USING btree (border);

CREATE INDEX markers_view_condition ON old_register.markers_view USING btree (condition);

CREATE INDEX markers_view_id ON old_register.markers_view USING btree (id, t_from);

CREATE INDEX markers_view_latest ON old_register.markers_view USING btree (vid, t_from, t_to, audiences, t_next, stage, condition) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX markers_view_latest_border ON old_register.markers_view USING btree (border, vid, t_from, t_to, audiences, t_next, stage, condition) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX markers_view_latest_condition ON old_register.markers_view USING btree (condition, vid, t_from, t_to, audiences, t_next, stage) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX markers_view_latest_province_id ON old_register.markers_view USING btree (province_id, vid, t_from, t_to, audiences, t_next, stage, condition) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX markers_view_latest_province_origin_id ON old_register.markers_view USING btree (province_origin_id, vid, t_from, t_to, audiences, t_next, stage, condition) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX markers_view_latest_stage ON old_register.markers_view USING btree (stage, vid, t_from, t_to, audiences, t_next, condition) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX markers_view_position_id ON old_register.markers_view USING btree (position_id);

CREATE INDEX markers_view_province_id ON old_register.markers_view USING btree (province_id);

CREATE INDEX markers_view_province_origin_id ON old_register.markers_view USING btree (province_origin_id);

CREATE INDEX markers_view_stage ON old_register.markers_view USING btree (stage);

CREATE INDEX markers_view_t_from ON old_register.markers_view USING btree (t_from);

CREATE INDEX markers_view_t_to ON old_register.markers_view USING btree (t_to);

CREATE INDEX markers_view_told ON old_register.markers_view USING btree (vid, id, number, position_id, stage, condition, position_quality, province, t_next) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX markers_view_when ON old_register.markers_view USING btree (t_next, t_from, t_to, audiences, w, s, condition, stage, position_id);

CREATE INDEX places_box ON old_register.places_view USING gist (public.st_makeenvelope(w, s, e, n, 4326));

CREATE INDEX places_geom ON old_register.places USING gist (geom);

CREATE UNIQUE INDEX places_key ON old_register.places USING btree (id, COALESCE(valid_from, ''::text));

CREATE INDEX places_latest_box ON old_register.places_view USING gist (public.st_makeenvelope(w, s, e, n, 4326)) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX places_view_country ON old_register.places_view USING btree (country);

CREATE INDEX places_view_id ON old_register.places_view USING btree (id, t_from);

CREATE INDEX places_view_latest ON old_register.places_view USING btree (vid, t_from, t_to, audiences, t_next) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX places_view_latest_country ON old_register.places_view USING btree (country, vid, t_from, t_to, audiences, t_next) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX places_view_t_from ON old_register.places_view USING btree (t_from);

CREATE INDEX places_view_t_to ON old_register.places_view USING btree (t_to);

CREATE INDEX places_view_told ON old_register.places_view USING btree (vid, id, name_vi, name_en, kind, population, t_next) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX places_view_when ON old_register.places_view USING btree (t_next, t_from, t_to, audiences, w, s);

CREATE INDEX positions_box ON old_register.positions_view USING gist (public.st_makeenvelope(w, s, e, n, 4326));

CREATE INDEX positions_geom ON old_register.positions USING gist (geom);

CREATE UNIQUE INDEX positions_key ON old_register.positions USING btree (id, COALESCE(valid_from, ''::text));

CREATE INDEX positions_latest_box ON old_register.positions_view USING gist (public.st_makeenvelope(w, s, e, n, 4326)) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX positions_view_border ON old_register.positions_view USING btree (border);

CREATE INDEX positions_view_id ON old_register.positions_view USING btree (id, t_from);

CREATE INDEX positions_view_latest ON old_register.positions_view USING btree (vid, t_from, t_to, audiences, t_next) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX positions_view_latest_border ON old_register.positions_view USING btree (border, vid, t_from, t_to, audiences, t_next) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX positions_view_latest_province_id ON old_register.positions_view USING btree (province_id, vid, t_from, t_to, audiences, t_next) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX positions_view_latest_province_origin_id ON old_register.positions_view USING btree (province_origin_id, vid, t_from, t_to, audiences, t_next) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX positions_view_province_id ON old_register.positions_view USING btree (province_id);

CREATE INDEX positions_view_province_origin_id ON old_register.positions_view USING btree (province_origin_id);

CREATE INDEX positions_view_t_from ON old_register.positions_view USING btree (t_from);

CREATE INDEX positions_view_t_to ON old_register.positions_view USING btree (t_to);

CREATE INDEX positions_view_told ON old_register.positions_view USING btree (vid, id, number, border, province, multiplicity, position_quality, t_next) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX positions_view_when ON old_register.positions_view USING btree (t_next, t_from, t_to, audiences, w, s);

CREATE INDEX posts_box ON old_register.posts_view USING gist (public.st_makeenvelope(w, s, e, n, 4326));

CREATE INDEX posts_geom ON old_register.posts USING gist (geom);

CREATE UNIQUE INDEX posts_key ON old_register.posts USING btree (id, COALESCE(valid_from, ''::text));

CREATE INDEX posts_latest_box ON old_register.posts_view USING gist (public.st_makeenvelope(w, s, e, n, 4326)) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX posts_view_border ON old_register.posts_view USING btree (border);

CREATE INDEX posts_view_id ON old_register.posts_view USING btree (id, t_from);

CREATE INDEX posts_view_latest ON old_register.posts_view USING btree (vid, t_from, t_to, audiences, t_next) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX posts_view_latest_border ON old_register.posts_view USING btree (border, vid, t_from, t_to, audiences, t_next) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX posts_view_latest_province_id ON old_register.posts_view USING btree (province_id, vid, t_from, t_to, audiences, t_next) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX posts_view_latest_province_origin_id ON old_register.posts_view USING btree (province_origin_id, vid, t_from, t_to, audiences, t_next) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX posts_view_province_id ON old_register.posts_view USING btree (province_id);

CREATE INDEX posts_view_province_origin_id ON old_register.posts_view USING btree (province_origin_id);

CREATE INDEX posts_view_t_from ON old_register.posts_view USING btree (t_from);

CREATE INDEX posts_view_t_to ON old_register.posts_view USING btree (t_to);

CREATE INDEX posts_view_told ON old_register.posts_view USING btree (vid, id, name_vi, name_en, t_next) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX posts_view_when ON old_register.posts_view USING btree (t_next, t_from, t_to, audiences, w, s);

CREATE UNIQUE INDEX progress_key ON old_register.progress USING btree (id, COALESCE(valid_from, ''::text));

CREATE INDEX progress_view_border ON old_register.progress_view USING btree (border);

CREATE INDEX progress_view_id ON old_register.progress_view USING btree (id, t_from);

CREATE INDEX progress_view_latest ON old_register.progress_view USING btree (vid, t_from, t_to, audiences, t_next) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX progress_view_latest_border ON old_register.progress_view USING btree (border, vid, t_from, t_to, audiences, t_next) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX progress_view_latest_province_id ON old_register.progress_view USING btree (province_id, vid, t_from, t_to, audiences, t_next) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX progress_view_latest_province_origin_id ON old_register.progress_view USING btree (province_origin_id, vid, t_from, t_to, audiences, t_next) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX progress_view_province_id ON old_register.progress_view USING btree (province_id);

CREATE INDEX progress_view_province_origin_id ON old_register.progress_view USING btree (province_origin_id);

CREATE INDEX progress_view_when ON old_register.progress_view USING btree (t_next, t_from, t_to, audiences);

CREATE INDEX projects_box ON old_register.projects_view USING gist (public.st_makeenvelope(w, s, e, n, 4326));

CREATE INDEX projects_geom ON old_register.projects USING gist (geom);

CREATE UNIQUE INDEX projects_key ON old_register.projects USING btree (id, COALESCE(valid_from, ''::text));

CREATE INDEX projects_latest_box ON old_register.projects_view USING gist (public.st_makeenvelope(w, s, e, n, 4326)) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX projects_view_id ON old_register.projects_view USING btree (id, t_from);

CREATE INDEX projects_view_latest ON old_register.projects_view USING btree (vid, t_from, t_to, audiences, t_next) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX projects_view_latest_province_id ON old_register.projects_view USING btree (province_id, vid, t_from, t_to, audiences, t_next) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX projects_view_latest_province_origin_id ON old_register.projects_view USING btree (province_origin_id, vid, t_from, t_to, audiences, t_next) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX projects_view_province_id ON old_register.projects_view USING btree (province_id);

CREATE INDEX projects_view_province_origin_id ON old_register.projects_view USING btree (province_origin_id);

CREATE INDEX projects_view_t_from ON old_register.projects_view USING btree (t_from);

CREATE INDEX projects_view_t_to ON old_register.projects_view USING btree (t_to);

CREATE INDEX projects_view_told ON old_register.projects_view USING btree (vid, id, name_vi, name_en, finance_kind, status, position_quality, t_next) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX projects_view_when ON old_register.projects_view USING btree (t_next, t_from, t_to, audiences, w, s);

CREATE UNIQUE INDEX sources_key ON old_register.sources USING btree (id, COALESCE(valid_from, ''::text));

CREATE INDEX sources_view_id ON old_register.sources_view USING btree (id, t_from);

CREATE INDEX sources_view_latest ON old_register.sources_view USING btree (vid, t_from, t_to, audiences, t_next) WHERE (t_next = '9999-12-31'::text);

CREATE INDEX sources_view_when ON old_register.sources_view USING btree (t_next, t_from, t_to, audiences);

CREATE TRIGGER note_revision AFTER INSERT OR DELETE OR UPDATE ON old_register.revisions FOR EACH STATEMENT EXECUTE FUNCTION old_register.note_revision();

