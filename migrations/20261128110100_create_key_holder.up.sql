create table key_holder (
    id uuid primary key,
    name text not null,
    keys jsonb not null,
    active_key bigint not null,
    seen_at timestamptz not null
);

comment on table key_holder is 'Servers that run, and the keys they hold: a key seals nothing before all of them have it.';
comment on column key_holder.id is 'Of one run of a server.';
comment on column key_holder.name is 'Its machine and its process, for people.';
comment on column key_holder.keys is 'Fingerprints of the keys it holds, by their numbers. No key.';
comment on column key_holder.active_key is 'What it seals with.';
comment on column key_holder.seen_at is 'When it said so last. One that is silent for long has ended.';
