create table agents (
    id uuid primary key,
    channel varchar(128) not null,
    host_id uuid,
    token_hash bytea not null,
    previous_token_hash bytea,
    previous_token_until timestamptz,
    next_token_hash bytea,
    next_token_sealed bytea,
    capabilities jsonb not null default '[]',
    version varchar(50),
    system_info jsonb not null default '{}',
    status varchar(50) not null default 'offline',
    remark text,
    last_heartbeat timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint agents_channel_is_unique unique (channel),
    constraint agents_host_id_fkey foreign key (host_id) references host (id) on delete cascade,
    constraint agents_status_is_known check (status in ('online', 'offline', 'degraded')),
    constraint agents_token_hash_is_sha256 check (octet_length(token_hash) = 32)
);

create index agents_last_heartbeat_idx on agents (last_heartbeat) where status <> 'offline';
create index agents_host_id_idx on agents (host_id);

comment on table agents is 'Programs on hosts that fetch commands: ours, one for each host, and those of others, one for each deployment.';
comment on column agents.channel is 'What it polls: a deployment hash, or host_ and the id of its host.';
comment on column agents.host_id is 'Null for agents of others.';
comment on column agents.token_hash is 'SHA-256 of its bearer.';
comment on column agents.previous_token_hash is 'The bearer before the last rotation, good for a short while.';
comment on column agents.previous_token_until is 'Until when.';
comment on column agents.next_token_hash is 'A bearer given to our agent and not yet confirmed by using it.';
comment on column agents.next_token_sealed is 'That bearer, sealed with the key ring, to be given again until it is confirmed.';
comment on column agents.capabilities is 'Words by which clients decide what to offer.';
comment on column agents.status is 'By the age of the last sign of life; written when it changes.';
comment on column agents.remark is 'Why it is degraded, in words.';
comment on column agents.last_heartbeat is 'The last sign of life, to the second.';
