create table session (
    token_hash bytea primary key,
    user_id varchar(50) not null,
    role text not null,
    name text not null,
    email text,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    constraint session_token_hash_is_sha256 check (octet_length(token_hash) = 32)
);

create index session_expires_at_idx on session (expires_at);

comment on table session is 'A signed-in browser.';
comment on column session.token_hash is 'SHA-256 of the random value in the cookie; the value itself is nowhere but there.';
comment on column session.user_id is 'Who signed in.';
comment on column session.role is 'The wire name of the role at sign-in.';
comment on column session.name is 'For people.';
comment on column session.expires_at is 'Not valid from here on; swept when others sign in.';
