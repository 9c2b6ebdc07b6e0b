-- Up Migration
CREATE TABLE products (
  id             integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name           varchar(200)  NOT NULL,
  category       varchar(100)  NOT NULL,
  price          numeric(10,2) NOT NULL CHECK (price >= 0),
  description    text          NOT NULL DEFAULT '',
  stock_quantity integer       NOT NULL DEFAULT 0 CHECK (stock_quantity >= 0)
);
CREATE INDEX products_category ON products (category, price);

CREATE TABLE orders (
  id         integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id    varchar(255) NOT NULL,
  product_id integer      NOT NULL REFERENCES products (id),
  quantity   integer      NOT NULL DEFAULT 1 CHECK (quantity > 0),
  order_date timestamptz  NOT NULL DEFAULT now()
);
-- Popular products are counted from the index alone.
CREATE INDEX orders_product_id ON orders (product_id) INCLUDE (quantity);

CREATE TABLE idempotency_keys (
  operation   varchar(50)  NOT NULL,
  key         varchar(255) NOT NULL,
  fingerprint char(64)     NOT NULL,
  -- json, not jsonb: a repeated request gets the same bytes.
  answer      json,
  created_at  timestamptz  NOT NULL DEFAULT now(),
  PRIMARY KEY (operation, key)
);
CREATE INDEX idempotency_keys_created_at ON idempotency_keys (created_at);
