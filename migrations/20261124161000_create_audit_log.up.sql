create table audit_log (
    id uuid primary key,
    agent_id uuid,
    deployment_hash varchar(128),
    user_id varchar(255),
    action varchar(100) not null,
    status varchar(50),
    details jsonb not null default '{}',
    ip_address inet,
    created_at timestamptz not null
);

create index audit_log_created_at_idx on audit_log (created_at);
create index audit_log_deployment_hash_idx on audit_log (deployment_hash, created_at);

comment on table audit_log is 'Who did what. Never holds secrets; idle polls are not in it.';
comment on column audit_log.agent_id is 'The agent that did it, or that it was done to.';
comment on column audit_log.user_id is 'The person that did it.';
comment on column audit_log.action is 'agent.registered, command.enqueued, …';
comment on column audit_log.status is 'success or refused.';
comment on column audit_log.ip_address is 'Where it came from.';
