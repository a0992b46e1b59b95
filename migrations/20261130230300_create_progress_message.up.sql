create table progress_message (
    deployment_id integer not null references deployment (id) on delete cascade,
    body_hash bytea not null,
    received_at timestamptz not null,
    primary key (deployment_id, body_hash),
    constraint progress_message_hash_has_32_bytes check (octet_length(body_hash) = 32)
);

comment on table progress_message is 'The messages of the install service that were applied, so that none is applied again when it is redelivered.';
comment on column progress_message.body_hash is 'SHA-256 of the body of the message.';
