create table deployment_event (
    id bigserial primary key,
    deployment_hash varchar(128) not null,
    event jsonb not null,
    created_at timestamptz not null
);

create index deployment_event_deployment_hash_id_idx on deployment_event (deployment_hash, id);
create index deployment_event_created_at_idx on deployment_event (created_at);

comment on table deployment_event is 'What pages hear. Numbers of one deployment become visible in order: writers take a lock for it. Swept after a week.';
comment on column deployment_event.event is 'As sent.';
