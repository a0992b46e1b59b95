create table login_link (
    code_hash bytea primary key,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    constraint login_link_code_hash_is_sha256 check (octet_length(code_hash) = 32)
);

create index login_link_expires_at_idx on login_link (expires_at);

comment on table login_link is 'One-time codes that sign in the local operator. Using one deletes its row.';
comment on column login_link.code_hash is 'SHA-256 of the code; the code itself was only printed.';
comment on column login_link.expires_at is 'Not valid from here on; swept when the next one is made.';
