CREATE TABLE item (
    id integer PRIMARY KEY,
    place vector(2) NOT NULL
);
CREATE FUNCTION items() RETURNS bigint LANGUAGE sql AS $$
    SELECT count(*) FROM item;
$$;
