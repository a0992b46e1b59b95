create table access_token (
    id uuid primary key,
    token_hash bytea not null,
    label text not null,
    user_id varchar(50) not null,
    role text not null,
    user_name text not null,
    email text,
    created_at timestamptz not null,
    constraint access_token_hash_is_unique unique (token_hash),
    constraint access_token_hash_is_sha256 check (octet_length(token_hash) = 32)
);

create index access_token_user_id_idx on access_token (user_id);

comment on table access_token is 'Bearers for API clients, made by their owners.';
comment on column access_token.token_hash is 'SHA-256 of the bearer; the bearer itself was shown once.';
comment on column access_token.label is 'What the owner calls it.';
comment on column access_token.user_id is 'Whose it is, and as whom its bearer acts.';
comment on column access_token.role is 'The wire name of the role it acts with.';
comment on column access_token.user_name is 'The name of the owner when it was made.';
