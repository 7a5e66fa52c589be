-- The functions of geo/functions.py, in the words of PostgreSQL and PostGIS.
-- {combining} stands for the combining characters that Unicode lists.

CREATE FUNCTION touches_box(shape geometry, w float8, s float8, e float8, n float8)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ST_Intersects(shape, ST_SetSRID(
    ST_Envelope(ST_MakeLine(ST_MakePoint(w, s), ST_MakePoint(e, n))), 4326))
$$;

CREATE FUNCTION fold_case(t text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT replace(replace(lower(t COLLATE "und-x-icu"), 'ß', 'ss'), 'ς', 'σ') COLLATE "C"
$$;

CREATE FUNCTION fold_accents(t text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT regexp_replace(
    normalize(translate(t, 'đĐ', 'dD'), NFD), '[{combining}]', '', 'g') COLLATE "C"
$$;

-- A backslash that ends the pattern has nothing to escape; LIKE would refuse it.
CREATE FUNCTION like_text(t text, pattern text)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT t LIKE regexp_replace(pattern, '((^|[^\\])(\\\\)*)\\$', '\1')
$$;

CREATE FUNCTION relates(relation text, shape geometry, x float8, y float8, other bytea)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
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

-- Who keeps answers hears of every change as soon as it is there.
CREATE FUNCTION note_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('cotmoc', TG_TABLE_SCHEMA);
  RETURN NULL;
END
$$;
CREATE TRIGGER note_revision AFTER INSERT OR UPDATE OR DELETE ON revisions
  FOR EACH STATEMENT EXECUTE FUNCTION note_revision();
