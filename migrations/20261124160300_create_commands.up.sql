create table commands (
    id uuid primary key,
    command_id varchar(64) not null,
    channel varchar(128) not null,
    deployment_hash varchar(128) not null,
    type varchar(100) not null,
    status varchar(50) not null default 'queued',
    priority varchar(20) not null default 'normal',
    rank smallint not null default 1,
    repeatable boolean not null,
    parameters jsonb not null default '{}',
    result jsonb,
    error jsonb,
    created_by varchar(255) not null,
    revision integer,
    deliveries smallint not null default 0,
    lease_until timestamptz,
    scheduled_for timestamptz,
    sent_at timestamptz,
    started_at timestamptz,
    completed_at timestamptz,
    timeout_seconds integer not null default 300,
    metadata jsonb,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint commands_command_id_is_unique unique (command_id),
    constraint commands_status_is_known
        check (status in ('queued', 'sent', 'executing', 'completed', 'failed', 'cancelled')),
    constraint commands_priority_is_known check (priority in ('low', 'normal', 'high', 'critical')),
    constraint commands_lease_belongs_to_an_agent
        check ((lease_until is not null) = (status in ('sent', 'executing')))
);

-- What a claim looks for.
create index commands_queued_idx on commands (channel, rank desc, created_at) where status = 'queued';
-- What the sweeps look for.
create index commands_leased_idx on commands (lease_until) where status in ('sent', 'executing');
create index commands_waiting_idx on commands (created_at) where status = 'queued';
create index commands_deployment_hash_idx on commands (deployment_hash, created_at desc);
create index commands_changed_idx on commands (deployment_hash, updated_at desc);

comment on table commands is 'What agents are told to do. Its life is the table in the module `life` of the domain.';
comment on column commands.command_id is 'cmd_ and a UUID: what agents and clients call it.';
comment on column commands.channel is 'Who fetches it.';
comment on column commands.deployment_hash is 'The stack it is about.';
comment on column commands.rank is 'Of the priority; larger comes first.';
comment on column commands.repeatable is 'Whether it may be delivered again when nobody reported it.';
comment on column commands.parameters is 'Never null: agents of others fail on null.';
comment on column commands.created_by is 'Who asked for it.';
comment on column commands.revision is 'The revision of the deployment that it plans or brings up.';
comment on column commands.deliveries is 'How often an agent got it.';
comment on column commands.lease_until is 'When it is taken back unless progress or a report comes before.';
comment on column commands.scheduled_for is 'Not before then.';
comment on column commands.started_at is 'When the first progress came.';
comment on column commands.completed_at is 'When it ended, however it did.';
