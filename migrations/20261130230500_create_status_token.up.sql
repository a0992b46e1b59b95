create table status_token (
    token_hash bytea primary key,
    deployment_id integer not null references deployment (id) on delete cascade,
    user_id varchar(50) not null,
    expires_at timestamptz not null,
    created_at timestamptz not null,
    constraint status_token_hash_has_32_bytes check (octet_length(token_hash) = 32)
);

create index status_token_deployment_id_idx on status_token (deployment_id);
create index status_token_expires_at_idx on status_token (expires_at);

comment on table status_token is 'Tokens with which a page of another origin follows one deployment for some minutes.';
comment on column status_token.token_hash is 'SHA-256 of the token.';
comment on column status_token.user_id is 'Who asked for it. It is void once they lose access to the deployment.';
