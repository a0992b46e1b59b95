create table sealing_key (
    id bigint primary key,
    proof bytea not null,
    created_at timestamptz not null,
    constraint sealing_key_id_is_unsigned check (id between 0 and 4294967295)
);

comment on table sealing_key is 'Keys of the key ring that secrets in this database are sealed with.';
comment on column sealing_key.id is 'Its number in the key ring.';
comment on column sealing_key.proof is 'Sealed with it: opens with no other key of that number.';
