create table client (
    id serial primary key,
    user_id varchar(50) not null,
    user_name text not null,
    user_email text,
    secret bytea,
    name text,
    email text,
    callback_url text,
    parent_id integer references client (id) on delete set null,
    scope text not null,
    is_hardened boolean not null,
    expires_at timestamptz,
    last_used_at timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint client_scope_is_known check (scope in ('read', 'deploy', 'admin'))
);

create index client_user_id_idx on client (user_id);
create index client_parent_id_idx on client (parent_id);

comment on table client is 'Programs that sign their requests, made by their owners.';
comment on column client.user_id is 'Whose it is, and as whom it acts.';
comment on column client.user_name is 'The name of the owner when it was made.';
comment on column client.secret is 'What it signs with, sealed by the key ring; null while it is disabled.';
comment on column client.callback_url is 'Of the program itself; kept for it, never called.';
comment on column client.parent_id is 'The client of the same owner that this one was made for.';
comment on column client.scope is 'How much of what its owner may do it may.';
comment on column client.is_hardened is 'Only requests with time and nonce under their signature are believed.';
comment on column client.expires_at is 'Not believed from then on; null: no end.';
comment on column client.last_used_at is 'To the minute.';
