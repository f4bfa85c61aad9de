create table plans (id serial primary key, name text not null unique);

create table users (
  id serial primary key,
  email text not null unique,
  plan_id integer not null references plans
);
