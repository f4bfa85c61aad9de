create table articles (
  id integer generated always as identity primary key,
  name text not null unique,
  stock integer not null check (stock >= 0)
);

create table orders (
  id integer generated always as identity primary key,
  customer_id integer not null references customers,
  placed_at timestamptz not null default now()
);

create table order_lines (
  order_id integer not null references orders on delete cascade,
  article_id integer not null references articles,
  count integer not null check (count > 0),
  primary key (order_id, article_id)
);
